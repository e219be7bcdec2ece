-- Transcripts are kept in one place, Services.Api, which erases them when their time is over; a copy here would outlive that.
drop table if exists document_sources;

-- What a practice, a user or a key may spend on models in each day or month, and where it reached how much of that: once for each threshold and period.
create table if not exists budgets (
    practice_id char(36) character set ascii not null,
    scope varchar(16) character set ascii collate ascii_bin not null,
    subject_id char(36) character set ascii not null,
    period varchar(8) character set ascii collate ascii_bin not null,
    amount_usd decimal(14, 6) not null,
    thresholds varchar(64) character set ascii not null,
    changed_at datetime(6) not null,
    primary key (practice_id, scope, subject_id, period),
    key budgets_by_change (changed_at)
);

create table if not exists budget_alerts (
    id char(36) character set ascii not null,
    practice_id char(36) character set ascii not null,
    scope varchar(16) character set ascii collate ascii_bin not null,
    subject_id char(36) character set ascii not null,
    period varchar(8) character set ascii collate ascii_bin not null,
    period_start date not null,
    threshold int not null,
    amount_usd decimal(14, 6) not null,
    spent_usd decimal(18, 9) not null,
    raised_at datetime(6) not null,
    primary key (practice_id, scope, subject_id, period, period_start, threshold),
    key budget_alerts_of_practice (practice_id, id)
);

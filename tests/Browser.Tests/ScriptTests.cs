using System.Text.Json;

namespace AiPlatform.Browser.Tests;

/// <summary>The modules that pages share, in the browser that they are written for.</summary>
[Collection(DashboardTests.Name)]
public sealed class ScriptTests(DashboardFixture dashboard)
{
    [Fact]
    public Task Ansi_Lines_AreTakenApartByLook() => ComputesAsync(
        """
        const { parse, classesOf, propertiesOf } = await import('/js/ansi.js');
        return [
          '\x1b[40m\x1b[32minfo\x1b[39m\x1b[22m\x1b[49m: up',
          '\x1b[1;91mbad\x1b[0m',
          '\x1b[38;5;208ma\x1b[48;2;1;2;3mb',
          '\x1b[7;31mx',
          'a\x1b[2Kb\x1b]0;title\x07c\x1b',
        ].map(line => parse(line).map(piece => [piece.text, piece.start, classesOf(piece.style), propertiesOf(piece.style)]));
        """,
        """
        [
          [["info", 0, "ansi-2 ansi-on-0", {}], [": up", 4, "", {}]],
          [["bad", 0, "ansi-bold ansi-9", {}]],
          [["a", 0, "", { "color": "rgb(255 135 0)" }], ["b", 1, "", { "color": "rgb(255 135 0)", "background-color": "rgb(1 2 3)" }]],
          [["x", 0, "ansi-back ansi-on-1", {}]],
          [["a", 0, "", {}], ["b", 1, "", {}], ["c", 2, "", {}]]
        ]
        """);

    [Fact]
    public Task Format_Amounts_HaveThreeDigitsThatMatter() => ComputesAsync(
        """
        const { duration, bytes } = await import('/js/format.js');
        return [0, 0.0123, 0.87, 12.345, 999.4, 999.6, 4567, 59_949, 59_950, 200_000, 7_500_000, 360_000_000].map(duration).concat([0, 870, 1000, 12_595, 9_999_999_999].map(bytes));
        """,
        """["0 µs","12.3 µs","870 µs","12.3 ms","999 ms","1 s","4.57 s","59.9 s","1 m","3 m 20 s","2 h 5 m","4 d 4 h","0 B","870 B","0.977 KB","12.3 KB","9.31 GB"]""");

    [Fact]
    public Task GraphLayout_WithACircle_LeadsForwardsWhereItCanAndOverlapsNowhere() => ComputesAsync(
        """
        const { layOut } = await import('/js/graph-layout.js');
        const names = ['db', 'cache', 'api', 'documents', 'chat'];
        const edges = [['api', 'db'], ['api', 'cache'], ['documents', 'api'], ['documents', 'chat'], ['chat', 'documents'], ['chat', 'cache'], ['chat', 'chat'], ['chat', 'unknown']];
        const size = { width: 100, height: 40, gap: 10, layerGap: 30 };
        const { nodes, edges: drawn, width, height } = layOut(names, edges.map(([from, to]) => ({ from, to })), size);
        const places = [...nodes.values()];
        const overlaps = places.some((a, i) => places.some((b, j) => i < j && Math.abs(a.x - b.x) < size.width && Math.abs(a.y - b.y) < size.height));
        const isInside = places.every(place => place.x >= 0 && place.y >= 0 && place.x + size.width <= width && place.y + size.height <= height);
        const backwards = drawn.filter(edge => edge.points[0].x > edge.points.at(-1).x).map(edge => `${edge.from} ${edge.to}`);
        return { overlaps, isInside, backwards, drawn: drawn.length };
        """,
        """{"overlaps":false,"isInside":true,"backwards":["chat documents"],"drawn":6}""");

    [Fact]
    public Task VirtualList_OfTwentyThousand_HoldsAScreenfulAndKeepsItsPlace() => ComputesAsync(
        """
        const { createVirtualList } = await import('/js/virtual-list.js');
        const { html } = await import('/vendor/lit-html/lit-html.js');
        const root = document.body.appendChild(document.createElement('div'));
        Object.assign(root.style, { position: 'fixed', inset: '0 auto auto 0', width: '300px', height: '400px' });
        const drawn = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
        const top = () => [...root.querySelectorAll('.virtual-row')].find(row => row.getBoundingClientRect().bottom > root.getBoundingClientRect().top + 1).textContent;
        const opened = [];
        const list = createVirtualList(root, { label: 'Numbers', rowHeight: 20, follow: true, keyOf: item => item.n, row: item => html`${item.n}`, onOpen: item => opened.push(item.n) });
        const items = Array.from({ length: 20_000 }, (_, n) => ({ n }));

        list.setItems(items);
        await drawn();
        const rows = root.querySelectorAll('.virtual-row').length;
        const atTheEnd = [list.follow, top()];

        root.scrollTop = 10_000 * 20;
        await drawn();
        list.setItems(items.slice(300).concat(Array.from({ length: 300 }, (_, n) => ({ n: 20_000 + n }))));
        await drawn();
        const inTheMiddle = [list.follow, top()];

        ['j', 'ArrowDown', 'Enter', 'Home', 'Enter'].forEach(key => root.dispatchEvent(new KeyboardEvent('keydown', { key })));
        await drawn();
        const first = top();
        list.dispose();
        root.remove();
        return { isFew: rows < 60, atTheEnd, inTheMiddle, opened, first };
        """,
        """{"isFew":true,"atTheEnd":[true,"19980"],"inTheMiddle":[false,"10000"],"opened":[10001,300],"first":"300"}""");

    [Fact]
    public Task VirtualList_ThatBecomesLowerWhileItFollows_StaysAtTheEnd() => ComputesAsync(
        """
        const { createVirtualList } = await import('/js/virtual-list.js');
        const { html } = await import('/vendor/lit-html/lit-html.js');
        const root = document.body.appendChild(document.createElement('div'));
        Object.assign(root.style, { position: 'fixed', inset: '0 auto auto 0', width: '300px', height: '400px' });
        const drawn = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
        const list = createVirtualList(root, { label: 'Numbers', rowHeight: 20, follow: true, keyOf: item => item.n, row: item => html`${item.n}` });

        list.setItems(Array.from({ length: 100 }, (_, n) => ({ n })));
        root.style.height = '300px';
        await drawn();
        const lower = [list.follow, root.scrollTop];

        root.scrollTop -= 100;
        await drawn();
        const scrolledUp = [list.follow, root.scrollTop];
        list.dispose();
        root.remove();
        return { lower, scrolledUp };
        """,
        """{"lower":[true,1700],"scrolledUp":[false,1600]}""");

    private static string Compact(string json) => JsonSerializer.Serialize(JsonElement.Parse(json));

    private Task ComputesAsync(string script, string expected) => dashboard.VisitAsync(async page =>
    {
        await page.GotoAsync("/");

        var result = await page.EvaluateAsync<string>($"async () => JSON.stringify(await (async () => {{ {script} }})())");

        Assert.Equal(Compact(expected), Compact(result));
    });
}

namespace Semblance.Evaluation.Reports;

/// <summary>The pages' style sheet. All colours are variables, so a theme is one block.</summary>
internal static class ReportStyle
{
    public const string Css = """
        :root{--bg:#f7f7f5;--card:#fff;--text:#1d1f23;--muted:#5d636b;--line:#e3e3df;--axis:#9a9fa6;--band:#8a8f9720;--wrong:#b3261e;
        --s1:#2563c9;--s2:#d4621a;--s3:#12876f;--s4:#7a52c7;--s5:#b83a78;--s6:#8f6b00}
        @media (prefers-color-scheme:dark){:root{--bg:#131416;--card:#1b1d20;--text:#e9eaec;--muted:#a3a8b0;--line:#2f3237;--axis:#6d737b;--band:#aab0b81c;
        --wrong:#ff8a80;--s1:#74a7ff;--s2:#f39a5f;--s3:#4fcbab;--s4:#b59bff;--s5:#f08ab8;--s6:#dcb64a}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--bg);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
        main{max-width:1180px;margin:0 auto;padding:40px 28px 72px}
        h1{font-size:30px;line-height:1.2;margin:0;letter-spacing:-.015em;text-wrap:balance}
        h2{font-size:20px;margin:44px 0 4px;letter-spacing:-.01em}
        h3{font-size:15px;margin:0 0 6px;font-weight:600}
        .subtitle{color:var(--muted);margin:6px 0 0;font-size:16px}
        .lead{color:var(--muted);margin:0 0 14px;max-width:78ch}
        .headline{display:grid;grid-template-columns:repeat(auto-fit,minmax(168px,1fr));gap:12px;margin:28px 0 0}
        .headline>div{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:14px 16px}
        .headline dt{color:var(--muted);font-size:13px}
        .headline dd{margin:2px 0 0;font-size:25px;font-weight:600;letter-spacing:-.02em;font-variant-numeric:tabular-nums;white-space:nowrap}
        .headline dd.note{font-size:12.5px;font-weight:400;letter-spacing:0;color:var(--muted);line-height:1.35;white-space:normal}
        .scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:10px;margin:12px 0}
        table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
        caption{caption-side:bottom;text-align:left;color:var(--muted);font-size:13px;padding:8px 16px 12px}
        th,td{padding:8px 16px;text-align:right;white-space:nowrap;font-weight:400}
        th:first-child,table.text td,table.text th{text-align:left}
        table.text td{white-space:normal;overflow-wrap:anywhere;width:99%}
        thead th{color:var(--muted);font-size:13px;border-bottom:1px solid var(--line)}
        tbody tr+tr>*{border-top:1px solid var(--line)}
        tr.strong>*{font-weight:600}
        tr.faint>*{color:var(--muted)}
        .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,460px),1fr));gap:16px;margin:12px 0}
        figure{margin:0;background:var(--card);border:1px solid var(--line);border-radius:10px;padding:16px 16px 12px;min-width:0}
        figcaption{color:var(--muted);font-size:13px;line-height:1.45;margin-top:8px}
        figure.wide{grid-column:1/-1}
        img.plot{display:block;width:100%;height:auto}
        figcaption code{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
        figcaption a{color:inherit}
        @media screen and (prefers-color-scheme:dark){img.plot{filter:invert(.89) hue-rotate(180deg)}}
        .legend{list-style:none;display:flex;flex-wrap:wrap;gap:2px 16px;margin:0 0 6px;padding:0;font-size:13px;color:var(--muted)}
        .legend li{display:flex;align-items:center;gap:7px}
        .key{display:inline-block;width:18px;height:0;border-top:2.5px solid var(--c)}
        .key.ref{border-top-style:dashed;border-top-width:2px}
        .key.dot-key{width:9px;height:9px;border:0;border-radius:50%;background:var(--c)}
        .key.area-key{width:13px;height:11px;border:1.5px solid var(--c);border-radius:2px;background:color-mix(in srgb,var(--c) 28%,transparent)}
        .s1{--c:var(--s1)}.s2{--c:var(--s2)}.s3{--c:var(--s3)}.s4{--c:var(--s4)}.s5{--c:var(--s5)}.s6{--c:var(--s6)}.ref{--c:var(--axis)}
        svg.chart{display:block;width:100%;height:auto}
        .chart text{font-size:12px;fill:var(--muted);font-variant-numeric:tabular-nums}
        .chart .power{font-size:9px}
        .chart .axis-title{font-size:12.5px}
        .chart .mark-label{fill:var(--text);paint-order:stroke;stroke:var(--card);stroke-width:4px;stroke-linejoin:round}
        .grid{stroke:var(--line);stroke-width:1}
        .axis{stroke:var(--axis);stroke-width:1}
        .mark{stroke:var(--text);stroke-width:1.2;stroke-dasharray:2 3}
        .band{fill:var(--band)}
        .line{fill:none;stroke:var(--c);stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
        .line.ref{stroke-width:1.4;stroke-dasharray:5 4}
        .area{fill:var(--c);fill-opacity:.24}
        .dot{fill:var(--c);stroke:var(--card);stroke-width:1.5}
        .pairs{display:grid;grid-template-columns:repeat(auto-fill,minmax(218px,1fr));gap:12px;margin:8px 0 24px}
        .pair{background:var(--card);border:1px solid var(--line);border-radius:10px;overflow:hidden}
        .faces{display:grid;grid-template-columns:1fr 1fr;gap:1px;background:var(--line)}
        .faces img{display:block;width:100%;aspect-ratio:1;object-fit:cover}
        .pair p{margin:0;padding:8px 12px 10px;font-size:12.5px;line-height:1.45;color:var(--muted);overflow-wrap:anywhere}
        .pair b{color:var(--text);font-variant-numeric:tabular-nums;font-size:14px}
        .wrong{color:var(--wrong)}
        @media print{:root{--bg:#fff;--card:#fff;--text:#000;--muted:#444;--line:#ccc;--axis:#777;--band:#88888822;--wrong:#b3261e;
        --s1:#2563c9;--s2:#d4621a;--s3:#12876f;--s4:#7a52c7;--s5:#b83a78;--s6:#8f6b00}
        *{print-color-adjust:exact;-webkit-print-color-adjust:exact}
        body{font-size:11px}main{max-width:none;padding:0}h1{font-size:22px}h2{font-size:15px;margin-top:20px}h3{font-size:12px}
        h2,h3,.lead{break-after:avoid}figure,.pair,.scroll,.headline{break-inside:avoid}
        .lead,figcaption,.legend,.pair p,caption,thead th,.subtitle{font-size:10px}.lead{max-width:none}
        .scroll{overflow:visible}table{font-size:10px}th,td{padding:4px 8px}
        .figures{grid-template-columns:1fr 1fr;gap:10px}figure{padding:10px}.chart text,.chart .axis-title{font-size:14px}.chart .power{font-size:10.5px}
        .headline{grid-template-columns:repeat(auto-fit,minmax(110px,1fr));gap:8px}.headline>div{padding:8px 10px}.headline dt{font-size:10px}
        .headline dd{font-size:17px}.headline dd.note{font-size:9px}.pairs{grid-template-columns:repeat(4,1fr);gap:8px}.pair p{padding:5px 8px}}
        @media (max-width:640px){main{padding:24px 14px 48px}.chart text,.chart .axis-title{font-size:14px}.chart .power{font-size:10.5px}}
        """;
}

using System.Text;

namespace Semblance.Evaluation.Reports;

/// <summary>
/// Faces in groups, to look through for errors: pictures are files beside the page, loaded as they come into view; a box filters by name and photo,
/// a button goes from one outlined face to the next. Without JavaScript the sheet is complete, only without those two.
/// </summary>
/// <param name="Groups">The groups, in order.</param>
public sealed record ContactSheet(IReadOnlyList<SheetGroup> Groups) : IReportPart
{
    private const string Style = """
        .sheet-bar{position:sticky;top:0;z-index:1;display:flex;flex-wrap:wrap;gap:8px 14px;align-items:center;margin:28px -12px 0;padding:10px 12px;background:var(--bg);border-bottom:1px solid var(--line)}
        .sheet-bar input[type=search]{flex:1 1 220px;max-width:380px;font:inherit;color:inherit;background:var(--card);border:1px solid var(--axis);border-radius:8px;padding:6px 11px}
        .sheet-bar label{display:flex;gap:6px;align-items:center;color:var(--muted);font-size:14px}
        .sheet-bar button{font:inherit;font-size:14px;color:inherit;background:var(--card);border:1px solid var(--axis);border-radius:8px;padding:6px 12px;cursor:pointer}
        .sheet-bar output{color:var(--muted);font-size:14px;margin-left:auto;font-variant-numeric:tabular-nums}
        .group{content-visibility:auto;contain-intrinsic-size:auto 190px;scroll-margin-top:64px;margin:0 -10px;padding:20px 10px 6px}
        .group h2{display:flex;flex-wrap:wrap;gap:0 10px;align-items:baseline;font-size:17px;margin:0 0 9px}
        .group h2 a{color:inherit;text-decoration:none}.group h2 a:hover{text-decoration:underline}
        .group h2 span{color:var(--muted);font-size:13.5px;font-weight:400;letter-spacing:0}
        .sheet{display:grid;grid-template-columns:repeat(auto-fill,minmax(84px,1fr));gap:8px;list-style:none;margin:0;padding:0}
        .sheet li{min-width:0;font-size:11.5px;line-height:1.3;color:var(--muted);font-variant-numeric:tabular-nums;text-align:center;overflow-wrap:anywhere}
        .sheet img{display:block;width:100%;height:auto;aspect-ratio:1;object-fit:cover;border-radius:7px;background:var(--line);margin-bottom:3px}
        .sheet a{display:block;color:inherit}
        .sheet .first img{box-shadow:0 0 0 2px var(--bg),0 0 0 4px var(--s1)}
        .sheet .stranger img{box-shadow:0 0 0 2px var(--bg),0 0 0 5px var(--wrong)}
        .sheet .stranger{color:var(--wrong);scroll-margin:120px}
        .sheet .here img{box-shadow:0 0 0 2px var(--bg),0 0 0 8px var(--wrong)}
        .sheet [hidden],.group[hidden]{display:none}
        .swatch{display:inline-block;width:12px;height:12px;border-radius:3px;border:3px solid var(--wrong);vertical-align:-1px}
        .swatch.typical{border-color:var(--s1);border-width:2px}
        @media print{.sheet-bar{display:none}.group{content-visibility:visible;break-inside:auto}.sheet{grid-template-columns:repeat(12,1fr);gap:5px}.sheet li{font-size:8px;break-inside:avoid}}
        """;

    private const string Script = """
        (()=>{
        const box=document.getElementById('sheet-filter'),only=document.getElementById('sheet-only'),next=document.getElementById('sheet-next'),out=document.getElementById('sheet-count');
        const groups=[...document.querySelectorAll('section.group')].map(e=>({e,title:e.querySelector('h2').textContent.toLowerCase(),faces:[...e.querySelectorAll('li')]}));
        const text=f=>((f.querySelector('img').title||'')+' '+f.textContent).toLowerCase();
        const apply=()=>{
        const word=box.value.trim().toLowerCase(),wrong=only&&only.checked;let shown=0,faces=0;
        for(const g of groups){
        const whole=!word||g.title.includes(word);let any=0;
        for(const f of g.faces){const on=whole||text(f).includes(word);f.hidden=!on;if(on)any++;}
        const on=any>0&&(!wrong||g.faces.some(f=>f.classList.contains('stranger')));
        g.e.hidden=!on;if(on){shown++;faces+=any;}
        }
        out.textContent=word||wrong?faces.toLocaleString('en')+' faces in '+shown.toLocaleString('en')+' sections':'';
        };
        let wait;box.addEventListener('input',()=>{clearTimeout(wait);wait=setTimeout(apply,120);});
        if(only)only.addEventListener('change',apply);
        let at=-1;
        if(next)next.addEventListener('click',()=>{
        const all=[...document.querySelectorAll('.stranger')].filter(f=>!f.hidden&&!f.closest('section').hidden);
        document.querySelectorAll('.here').forEach(f=>f.classList.remove('here'));
        if(!all.length)return;
        at=(at+1)%all.length;all[at].classList.add('here');all[at].scrollIntoView({block:'center'});
        out.textContent=(at+1)+' of '+all.length;
        });
        })();
        """;

    /// <inheritdoc/>
    public string Css => Style;

    /// <inheritdoc/>
    public void AppendTo(StringBuilder html)
    {
        ArgumentNullException.ThrowIfNull(html);
        html.Append("<div class=\"sheet-bar\"><input type=\"search\" id=\"sheet-filter\" placeholder=\"Filter by name or photo\" aria-label=\"Filter by name or photo\">");
        if (Groups.Any(group => group.Faces.Any(face => face.IsStranger)))
        {
            html.Append("<label><input type=\"checkbox\" id=\"sheet-only\">only sections with outlined faces</label>")
                .Append("<button type=\"button\" id=\"sheet-next\">Next outlined face</button>");
        }

        html.Append("<output id=\"sheet-count\"></output></div>\n");
        foreach (SheetGroup group in Groups)
        {
            Append(html, group);
        }

        html.Append("<script>").Append(Script).Append("</script>");
    }

    private static void Append(StringBuilder html, SheetGroup group)
    {
        string id = HtmlText.Encode(group.Id);
        html.Append($"<section class=\"group\" id=\"{id}\"><h2><a href=\"#{id}\">{HtmlText.Encode(group.Title)}</a>");
        html.Append(group.Note.Length > 0 ? $" <span>{HtmlText.Encode(group.Note)}</span>" : "").Append("</h2><ul class=\"sheet\">");
        for (int i = 0; i < group.Faces.Count; i++)
        {
            Append(html, group.Faces[i], isFirst: i == 0 && group.Faces[i].Score is not null);
        }

        html.Append("</ul></section>\n");
    }

    private static void Append(StringBuilder html, SheetFace face, bool isFirst)
    {
        html.Append(face.IsStranger ? "<li class=\"stranger\">" : isFirst ? "<li class=\"first\">" : "<li>");
        html.Append(face.Link is { } link ? $"<a href=\"{HtmlText.Encode(link)}\">" : "");
        string alt = HtmlText.Encode(face.Name ?? "a face");
        html.Append($"<img loading=\"lazy\" decoding=\"async\" width=\"112\" height=\"112\" alt=\"{alt}\" title=\"{HtmlText.Encode(face.Photo)}\" src=\"{HtmlText.Encode(face.Picture)}\">");
        html.Append(face.Link is null ? "" : "</a>");

        // Within a group its title says who it is; the name is news where it is another one, or where the face is in no group.
        html.Append(face.Score is { } score ? HtmlText.Cosine(score) : "");
        if (face.Name is { } name && (face.IsStranger || face.Score is null))
        {
            html.Append(face.Score is null ? "" : "<br>").Append(HtmlText.Encode(name.Replace('_', ' ')));
        }

        html.Append("</li>");
    }
}

"""The look of the pages on subscriptions: one style, and the policy that allows it alone."""

from circulation.web.pages.style_source import style_source

STYLE = """
:root{color-scheme:light;--paper:#fffefc;--tint:#f6f3ed;--ink:#1d1b19;--soft:#5c5852;--line:#dad5cb;
--edge:#857e72;--accent:#96201b;--on-accent:#fffefc;--bad:#fbeae7;--good:#eaf4ec;
--good-edge:#1d6b3c;--serif:Georgia,Cambria,"Noto Serif","Noto Naskh Arabic",serif;
--sans:-apple-system,"Segoe UI",Roboto,"Noto Sans","Noto Sans Arabic",sans-serif}
@media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;--paper:#161617;
--tint:#202022;--ink:#e9e6e1;--soft:#b3aea6;--line:#3b3a3c;--edge:#85817a;--accent:#ff9c8e;
--on-accent:#1d0d0b;--bad:#331b18;--good:#16281d;--good-edge:#79c796}}
*,::before,::after{box-sizing:border-box}
html{background:var(--paper);text-size-adjust:100%;-webkit-text-size-adjust:100%}
body{max-inline-size:80rem;margin:0 auto;padding-inline:clamp(1rem,4vw,2.5rem);color:var(--ink);
font:1rem/1.5 var(--sans);overflow-wrap:anywhere}
h1{margin:0;font:700 clamp(1.75rem,1.3rem + 2vw,2.375rem)/1.2 var(--serif);text-wrap:balance}
p{margin:0;text-wrap:pretty}
a{color:var(--accent);text-underline-offset:.15em}
:focus-visible{outline:3px solid var(--accent);outline-offset:3px}
header{padding-block:clamp(1rem,2.5vw,2rem) clamp(.75rem,1.5vw,1.25rem);
border-block-end:3px double var(--ink);text-align:center;
font:700 clamp(1.5rem,1.3rem + 1vw,2.125rem)/1.15 var(--serif)}
header a{color:inherit;text-decoration:none}
main{max-inline-size:42rem;margin:2.5rem auto 0}
main>*+*,.status>*+*{margin-block-start:1rem}
.kicker{color:var(--accent);font-weight:700;font-size:.9375rem}
.stand{font:1.125rem/1.5 var(--serif)}
.note{max-inline-size:65ch;color:var(--soft);font-size:.875rem}
form{display:grid;gap:1.25rem}
fieldset{display:grid;gap:.75rem;min-inline-size:0;margin:0;padding:0;border:0}
legend{margin-block-end:.5rem;padding:0;font:700 1.0625rem/1.3 var(--serif)}
.field{display:grid;gap:.25rem}
.field label{font-weight:600;font-size:.9375rem}
.short{max-inline-size:18rem}
.choices{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,9rem),1fr));
gap:.25rem 1rem}
.choice{display:flex;gap:.625rem;align-items:center;min-block-size:2rem}
input,select,button,.button{font:inherit}
input:where([type=email],[type=text]),select{inline-size:100%;min-block-size:2.75rem;
padding:.375rem .75rem;border:1px solid var(--edge);border-radius:2px;background:var(--paper);
color:var(--ink)}
input[type=radio],input[type=checkbox]{flex:none;inline-size:1.125rem;block-size:1.125rem;margin:0;
accent-color:var(--accent)}
input[aria-invalid=true]{border:2px solid var(--accent)}
button,.button{display:inline-flex;align-items:center;min-block-size:2.75rem;padding:.375rem 1rem;
border:1px solid var(--edge);border-radius:2px;background:var(--paper);color:var(--ink);
text-decoration:none;cursor:pointer}
button{border-color:var(--accent);background:var(--accent);color:var(--on-accent);font-weight:600}
.row{display:flex;flex-wrap:wrap;gap:.625rem 1rem;align-items:center}
.err{color:var(--accent);font-weight:600;font-size:.9375rem}
.err::before{content:"\\26A0\\00A0"}
.summary,.ok{padding:.875rem 1.25rem;border:1px solid var(--accent);border-inline-start-width:6px;
background:var(--bad)}
.ok{border-color:var(--good-edge);background:var(--good)}
.summary ul{margin:.375rem 0 0;padding-inline-start:1.25rem}
.summary a{font-weight:600}
h2{margin:0;font:700 1.25rem/1.3 var(--serif);text-wrap:balance}
.digests{display:grid;gap:1.25rem;margin-block-end:0;padding:0;list-style:none}
.digests li+li{padding-block-start:1.25rem;border-block-start:1px solid var(--line)}
hr{margin-block:2rem 1.25rem;border:0;border-block-start:1px solid var(--line)}
footer{margin-block-start:3rem;padding-block:1.25rem;border-block-start:3px double var(--ink);
font-size:.875rem}
@media (forced-colors:active){:root{--accent:LinkText;--edge:CanvasText}button,.button{
border-color:ButtonText}}
"""
HEADERS = {
    "content-security-policy": "; ".join(
        (
            "default-src 'none'",
            f"style-src {style_source(STYLE)}",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    ),
    "x-robots-tag": "noindex, nofollow",
    "referrer-policy": "no-referrer",
}
"""Of every answer about a subscription: its address holds a key."""

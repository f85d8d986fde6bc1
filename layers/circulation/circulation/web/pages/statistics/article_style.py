"""The look of what the page of one article's statistics alone has."""

ARTICLE_STYLE = """
.back{margin-block-start:1rem;font-size:.9375rem}
.back a{display:inline-flex;gap:.375rem}
.back+.lead{margin-block-start:1rem}
.lead .note.row{margin-block:0 .625rem}
.lead .note.row a{color:var(--accent)}
.plot.yend,.yend~.xs{margin-inline-end:4.25rem}
.yend .y{inset-inline-start:calc(100% + .5rem);inline-size:4rem;padding:0;background:none;
transform:translateY(50%);white-space:normal}
.low :is(.y1,.y3){display:none}
.gutter,.gutter+.xs{margin-inline-start:3.5rem}
.gutter .y{inset-inline-start:-3.5rem;background:none}
.chart+.chart{margin-block-start:1.25rem}
.deeds{gap:0;font-size:.9375rem}
.deeds li{grid-template-columns:1.5rem 11rem 1fr auto;gap:0 1rem;padding-block:.5rem;
border-block-end:1px solid var(--line)}
.deeds b{display:block}
:is(.deeds b,#versions td:nth-child(3))::first-letter{text-transform:uppercase}
.deeds small{display:block;font-size:.8125rem}
.deeds li>:last-child{text-align:end}
.deeds div small{color:var(--soft)}
.deeds ins{color:var(--ink);text-decoration:none}
.group>:is(p,.seg)+*{margin-block-start:.75rem}
.serif{max-inline-size:62ch;margin-block-end:.75rem;font:1.125rem/1.5 var(--serif)}
.data :is(th,td){overflow-wrap:normal}
.reach{block-size:2.5rem}
.c .band.edge{fill:var(--band)}
.reach+.legend{margin-block:.375rem 1rem}
[dir=rtl]:lang(en) :is(.x,.y,.flag,.legend span,.deeds span){unicode-bidi:plaintext}
[dir=rtl]:lang(en) .deeds>li>.soft{text-align:right}
[dir=rtl]:lang(en) .deeds>li>:last-child{text-align:left}
@media screen and (max-width:48rem){
.deeds li{grid-template-columns:1.5rem 1fr}
.deeds li>:nth-child(n+3){grid-column:2;text-align:start}
[dir=rtl]:lang(en) .deeds>li>:last-child{text-align:right}
}
"""

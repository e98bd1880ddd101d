/** The widget's style sheet; the shop's colour and font come in as custom properties of the host element. */
const DARK =
  "--s:#201d1b;--k:#2e2b28;--i:#f4ede4;--j:#c4bcb0;--l:#3b3733;--e:#8f867a;--a:color-mix(in oklab,var(--c) 32%,#fff);--b:var(--a);--t:#1a1714;--n:#362b12;--m:#f2d58c;--x:#f4775a";

const SHEET = `:host{all:initial;position:fixed;z-index:2147483001;right:24px;bottom:24px;font:15px/22px var(--aparte-font,var(--f));color:var(--i);--s:#fff;--k:#eef2ed;--i:#221e14;--j:#5c584e;--l:#e2dacb;--e:#77715f;--a:var(--c);--b:var(--d);--t:var(--o);--n:#fbefcf;--m:#6a4a00;--x:#b02e17}
:host(.left){right:auto;left:24px}:host(.bottom){right:50%;translate:50%}
*{box-sizing:border-box;margin:0;font:inherit;color:inherit}
section{display:flex;flex-direction:column;background:var(--s);border:1px solid var(--l);border-radius:var(--r);box-shadow:0 1px 3px #221e141a,0 18px 48px -10px #221e144d;animation:in .24s cubic-bezier(.2,.7,.2,1)}
.card{width:368px;padding:18px}.card>*{flex:none}
@keyframes in{0%{opacity:0;transform:translateY(8px)}}
header,.row{display:flex;align-items:center;gap:10px}
header div{flex:1}
b{font-weight:600;display:block;overflow-wrap:anywhere}header div{min-width:0}
small{font-size:13px;line-height:18px;color:var(--j)}
.face{position:relative;width:38px;height:38px;border-radius:50%;display:grid;place-items:center;background:var(--k);color:var(--b);font-weight:600}
button{cursor:pointer;min-height:44px;border:1.5px solid var(--b);border-radius:10px;padding:8px 4px;background:none;color:var(--b);font-weight:600}
.main,[aria-pressed=true]{background:var(--a);color:var(--t)!important}
:focus-visible{outline:2.5px solid var(--b);outline-offset:2px}
.icon{border:0;width:44px;margin:-6px;margin-inline-end:-12px;color:var(--j)}
.link{border:0;padding:0 2px;margin:-11px 0;font-weight:400;font-size:13px;color:var(--j);text-decoration:underline;text-underline-offset:3px}
.grid{display:grid;grid:auto/repeat(var(--w),1fr);gap:8px}
.foot{flex-wrap:wrap;gap:0 12px;display:flex;justify-content:space-between;align-items:center}
.card .foot{margin-top:11px}
q,h2{font:20px/26px var(--aparte-font-quote,var(--q));text-wrap:balance}
q{quotes:none;position:relative;align-self:start;margin:12px 0 14px;padding:8px 25px;min-height:66px;max-width:312px;display:grid;align-items:center;overflow-wrap:anywhere}
q:before,q:after{content:"";position:absolute;inset:0 auto 0 0;width:11px;border-left:2.5px solid var(--b);border-radius:100% 0 0 100%/50%}
q:after{inset:0 0 0 auto;transform:scaleX(-1)}
.as-bar header,.as-bubble header{display:none}
.as-bubble{width:330px;border-radius:var(--r) var(--r) 4px}:host(.left) .as-bubble{border-radius:var(--r) var(--r) var(--r) 4px}
.card>p{margin:12px 0 14px;overflow-wrap:anywhere}.as-bar{width:min(880px,100vw - 48px)}
@media(min-width:720px){.as-bar{display:grid;grid:auto/1fr 330px;column-gap:24px;align-items:center}.as-bar>*{grid-column:2}.as-bar>:nth-child(2){grid-area:1/1/9;margin:0}}
.face img{position:absolute;inset:0;width:100%;height:100%;border-radius:50%;object-fit:cover}[hidden]{display:none}
.bad{color:var(--x)}
.sr{position:absolute;clip-path:inset(50%)}
svg{display:block;margin:auto;width:20px;fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round}
@media(max-width:480px){:host{left:8px!important;right:8px!important;bottom:8px;translate:0!important}.card{width:auto}:host(.full){inset:0!important}}
@media(max-height:420px){.card{max-height:calc(100dvh - 48px);overflow:auto}}
@media(prefers-reduced-motion){*{animation:none!important}}`;

/** Black or white, whichever is easier to read on a colour (`#rrggbb`): at least 4.5 to 1 by WCAG. */
export const inkOn = (colour: string): string => {
  const [red, green, blue] = colour.match(/\w\w/g)!.map((part) => ((parseInt(part, 16) / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000" : "#fff";
};

/** The sheet for a theme: the visitor's own (`auto`), or the one that the shop's page has. */
export const sheet = (theme = "auto"): CSSStyleSheet => {
  const made = new CSSStyleSheet();
  const dark = `:host{${DARK}}@supports(color:oklch(from red l c h)){:host{--a:oklch(from var(--c) .83 min(c*1.5,.08) h)}}`;
  made.replaceSync(SHEET + (theme == "dark" ? dark : theme == "light" ? "" : `@media(prefers-color-scheme:dark){${dark}}`));
  return made;
};

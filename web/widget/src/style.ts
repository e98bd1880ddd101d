/** The widget's style sheet; the shop's colour and font come in as custom properties of the host element. */
const LIGHT = "--s:#fff;--k:#eef2ed;--i:#221e14;--i2:#5c584e;--l:#e2dacb;--e:#77715f;--a:var(--c);--t:var(--o);--n:#fbefcf;--nt:#6a4a00;--x:#b02e17";
const DARK =
  "--s:#201d1b;--k:#2e2b28;--i:#f4ede4;--i2:#c4bcb0;--l:#3b3733;--e:#8f867a;--a:color-mix(in oklab,var(--c) 32%,#fff);--t:#1a1714;--n:#362b12;--nt:#f2d58c;--x:#f4775a";

const SHEET = `:host{all:initial;position:fixed;z-index:2147483001;bottom:24px;font:15px/22px var(--aparte-font,var(--f));color:var(--i);${LIGHT}}
*{box-sizing:border-box;margin:0;font:inherit;color:inherit}
section{display:flex;flex-direction:column;background:var(--s);border:1px solid var(--l);border-radius:var(--r);box-shadow:0 1px 3px rgb(34 30 20/.1),0 18px 48px -10px rgb(34 30 20/.3);animation:in .24s cubic-bezier(.2,.7,.2,1);overflow:hidden}
.card{width:368px;max-width:calc(100vw - 16px);padding:18px}
.chat{width:382px;height:min(666px,calc(100vh - 48px))}
@keyframes in{from{opacity:0;transform:translateY(8px)}}
header{display:flex;align-items:center;gap:10px}
.chat header{padding:14px 16px;border-bottom:1px solid var(--l)}
header div{flex:1;min-width:0}
b,h2 b{font-weight:600}
small{font-size:13px;line-height:18px;color:var(--i2);display:block}
.face{flex:none;width:38px;height:38px;border-radius:50%;display:grid;place-items:center;background:var(--k);color:var(--a);font-weight:600}
button,textarea{font:inherit}
button{appearance:none;cursor:pointer;min-height:44px;border:1.5px solid var(--a);border-radius:10px;padding:10px 8px;background:none;color:var(--a);font-weight:600}
button.main,[aria-pressed=true]{background:var(--a)!important;color:var(--t)}
button:hover{filter:brightness(.96)}
:focus-visible{outline:2.5px solid var(--a);outline-offset:2px}
.icon{border:0;min-width:44px;margin:-6px -10px -6px 0;padding:0;color:var(--i2);display:grid;place-items:center}
.link{border:0;padding:0 2px;min-height:44px;margin:-11px 0;font-weight:400;font-size:13px;color:var(--i2);text-decoration:underline;text-underline-offset:3px}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:8px}
.foot{display:flex;justify-content:space-between;align-items:center;gap:12px;margin-top:11px}
.quote{position:relative;display:inline-block;align-self:flex-start;margin:12px 0 14px;padding:9px 24px;font:20px/26px var(--aparte-font-quote,var(--q));text-wrap:balance;min-height:64px;display:flex;align-items:center;overflow-wrap:anywhere}
.quote:before,.quote:after{content:"";position:absolute;top:0;bottom:0;width:11px;left:0;border-left:2.5px solid var(--a);border-radius:100% 0 0 100%/50%}
.quote:after{left:auto;right:0;transform:scaleX(-1)}
.log{flex:1;overflow-y:auto;padding:10px 16px;display:flex;flex-direction:column;gap:8px;overscroll-behavior:contain}
.log>:first-child{margin-top:auto}
.log>small{text-align:center}
.bubble{max-width:84%;padding:9px 13px;border-radius:14px;white-space:pre-wrap;overflow-wrap:anywhere;background:var(--k);align-self:flex-start;border-bottom-left-radius:3px}
.mine{align-self:flex-end;background:var(--a);color:var(--t);border-radius:14px 14px 3px 14px}
.log>.under{text-align:left;margin:-2px 4px 0}
.log>.state{text-align:right;margin:-4px 4px 0}
.state .link{margin:-11px 0 -11px 8px}
.bad,.state.bad{color:var(--x)}
.dots{display:flex;gap:4px;align-items:center}
.dots i{width:6px;height:6px;border-radius:50%;background:var(--a);opacity:.75;animation:dot 1.2s infinite}
.dots i:nth-child(2){animation-delay:.2s}.dots i:nth-child(3){animation-delay:.4s}
@keyframes dot{30%{opacity:.25}}
.row{display:flex;align-items:center;gap:8px}
.tag{margin:8px 16px 0;padding:6px 10px;border-radius:8px;background:var(--n);color:var(--nt);font-size:13px;line-height:18px}
form,.end{border-top:1px solid var(--l);padding:12px 16px}
form{padding-bottom:6px}
.field{display:flex;align-items:flex-end;gap:4px;border:1.5px solid var(--e);border-radius:12px;padding:3px;background:var(--s)}
.field:focus-within{outline:2.5px solid var(--a);outline-offset:2px}
textarea{flex:1;resize:none;border:0;outline:0!important;background:none;padding:9px 10px;min-height:40px;max-height:120px;field-sizing:content;font-size:16px}
textarea::placeholder{color:var(--i2);opacity:1}
.go{flex:none;width:40px;min-height:40px;padding:0;display:grid;place-items:center;border-radius:9px}
form .foot{margin:0;min-height:40px}
.end p{margin-bottom:8px}
.survey{flex:1;overflow-y:auto;padding:18px 20px;display:flex;flex-direction:column;gap:10px}
.survey h2{font:20px/26px var(--aparte-font-quote,var(--q));text-wrap:balance}
.survey h2:not(:first-child){margin-top:14px}
.survey h2 small{display:inline;font-family:var(--aparte-font,var(--f));margin-left:6px}
.grid{display:grid;gap:8px;grid-template-columns:repeat(5,1fr)}
.nps{grid-template-columns:repeat(6,1fr)}
.grid button{border-color:var(--e);color:var(--i)}
.grid button[aria-pressed=true]{color:var(--t);border-color:var(--a)}
.ends{display:flex;justify-content:space-between}
.survey textarea{flex:none;border:1.5px solid var(--e);border-radius:12px;min-height:76px}
.survey textarea:focus{outline:2.5px solid var(--a)!important;outline-offset:2px}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
a{color:inherit;text-underline-offset:2px}
svg{width:20px;height:20px;fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round}
@media(max-width:480px){:host{left:8px!important;right:8px!important;bottom:8px}.card{width:auto;max-width:none}:host(.full){inset:0!important}.chat{width:100vw;height:100dvh;border:0;border-radius:0}}
@media(prefers-reduced-motion:reduce){section{animation-name:fade}.dots i{animation:none}}
@keyframes fade{from{opacity:0}}
@media print{:host{display:none}}`;

/** The sheet for a theme: the visitor's own (`auto`), or the one that the shop's page has. */
export const sheet = (theme: string): CSSStyleSheet => {
  const made = new CSSStyleSheet();
  const dark = `:host{${DARK}}`;
  made.replaceSync(
    SHEET + (theme == "dark" ? dark : theme == "light" ? "" : `@media(prefers-color-scheme:dark){${dark}}`),
  );
  return made;
};

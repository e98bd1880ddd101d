/** What conversation, forms and survey look like; adopted with their file. */
export const STYLE = `
.chat{width:382px;height:min(666px,100vh - 48px)}.brief{height:auto;max-height:calc(100vh - 48px)}
.chat header{padding:14px 16px;border-bottom:1px solid var(--l)}
.log{flex:1;overflow-y:auto;padding:10px 16px;display:flex;flex-direction:column;gap:8px}
.log small{text-align:center}
.log .under{text-align:start;margin:-3px 4px}
.bubble{max-width:84%;padding:9px 13px;border-radius:14px 14px 14px 3px;white-space:pre-wrap;overflow-wrap:anywhere;background:var(--k);align-self:start}
.mine{align-self:end;background:var(--a);color:var(--t);border-radius:14px 14px 3px}
.log .state{text-align:end;margin:-3px 4px}
.row{padding:0 16px 8px}
.row i{display:inline-block;width:6px;height:6px;margin:3px 2px;border-radius:50%;background:var(--b);animation:dot 1.2s infinite}
i:nth-child(2){animation-delay:.2s}i:nth-child(3){animation-delay:.4s}
@keyframes dot{30%{opacity:.25}}
.tag{margin:8px 16px 0;padding:6px 10px;border-radius:8px;background:var(--n);color:var(--m);font-size:13px;line-height:18px}
form:not(.survey){border-top:1px solid var(--l);padding:12px 16px}
.field{display:flex;align-items:end;border:1.5px solid var(--e);border-radius:12px;padding:3px}
.field:focus-within{outline:2.5px solid var(--b);outline-offset:2px}
.ways{padding:8px 16px 0}
.field :focus-visible{outline:0}textarea{flex:1;resize:none;border:0;background:none;padding:9px 10px;max-height:120px;field-sizing:content;font-size:16px}
form p{margin-bottom:8px}textarea::placeholder{color:var(--j)}.go{width:44px;padding:6px}
form .foot{margin:14px 0 0}
label{font-weight:600}label *{font-weight:400}
input,.survey textarea{display:block;width:100%;margin-top:4px;min-height:44px;border:1.5px solid var(--e);border-radius:10px;padding:9px 10px;background:none;font-size:16px}
[aria-invalid=true]{border-color:var(--x)!important}
.survey{flex:1;overflow-y:auto;padding:18px 20px;display:flex;flex-direction:column;gap:10px}
.survey .grid+h2,.foot+h2{margin-top:14px}
.survey .grid button{border-color:var(--e);color:var(--i)}
form.survey .grid button{border-color:var(--b);color:var(--b)}
h2 small{font-family:var(--aparte-font,var(--f))}.survey textarea{flex:none;min-height:76px}
.after{margin-top:12px}.after>button{width:100%}
.cards{display:flex;flex-direction:column;gap:8px;width:84%}
.card-of{display:flex;gap:12px;align-items:center;min-height:44px;padding:10px;border:1px solid var(--l);border-radius:12px;text-decoration:none;overflow-wrap:anywhere}
.card-of img{width:64px;height:72px;object-fit:cover;border-radius:8px;background:var(--k)}.card-of span{min-width:0}
a.card-of:hover b{text-decoration:underline}.log .card-of small{text-align:start;display:block}
.card-of code{display:block;margin:4px 0;font:500 16px ui-monospace,monospace;letter-spacing:.04em;user-select:all}.card-of button{flex:none;margin-inline-start:auto;width:auto;padding:6px 12px}
@media(max-width:480px){.chat{width:100%;height:100dvh;max-height:none;border:0;border-radius:0}}
@media(max-height:420px){.chat{height:100dvh;max-height:100dvh;overflow:auto}.log,.survey{flex:1 0 auto}}`;

import{$ as Q,A as Je,B as ie,C as se,D as qe,E as ye,F as q,H as le,I as ze,J as Xe,K as ke,L as C,M as de,N as Se,O as z,P as H,Q as Ne,R as pe,S as ce,T as K,U as ue,V as Me,W as De,Y as S,Z as A,_ as O,a as b,aa as Fe,b as $e,ba as Z,c as ae,ca as He,d as Te,da as Ee,ea as e,f as L,fa as u,g as v,ga as X,ha as T,i as y,ia as I,j as Y,ja as me,k as $,ka as Ke,l as w,la as _e,m as h,ma as P,n as re,na as J,o as d,oa as N,p as D,pa as E,q as Ie,qa as W,ra as U,s as F,sa as j,t as p,u as _,v as Re,w as Le,x as Ae,y as Oe,z as Pe}from"./console-chunk-443NX2ST.js";function ee(t){let{selected:n,drafts:o}=w();if(!n)return;let a=o[n]??{text:"",note:"",mode:t};h({drafts:{...o,[n]:{...a,mode:t}},pane:"thread",screen:"exchanges"}),requestAnimationFrame(()=>document.querySelector("#composer")?.focus())}var We=t=>/^[a-z]$/i.test(t.key)?t.key.toLowerCase():t.code.replace(/^Key/,"").toLowerCase(),Tt={n:()=>{z()},j:()=>Se(1),k:()=>Se(-1),e:()=>{H()},l:()=>ee("text"),p:()=>ee("note")},It=t=>t instanceof HTMLElement&&(t.isContentEditable||/^(INPUT|TEXTAREA|SELECT)$/.test(t.tagName));function Rt(t){let n=w();if(n.phase!=="ready"||t.isComposing)return;let o=n.palette||n.help||n.transcript!==null;if((t.ctrlKey||t.metaKey)&&!t.altKey&&We(t)==="k")return t.preventDefault(),h({palette:!n.palette,help:!1});let a=Tt[We(t)];if(t.altKey&&!t.ctrlKey&&!t.metaKey&&a&&!o)return t.preventDefault(),a();if(t.key==="?"&&!It(t.target)&&!t.ctrlKey&&!t.metaKey)return h({help:!n.help,palette:!1})}function Ue(){addEventListener("keydown",Rt)}var te=null;function je(){te??=new AudioContext;let t=te.currentTime;for(let[n,o]of[587.33,880].entries()){let a=te.createOscillator(),r=te.createGain(),i=t+n*.11;a.frequency.value=o,r.gain.setValueAtTime(0,i),r.gain.linearRampToValueAtTime(.07,i+.02),r.gain.exponentialRampToValueAtTime(1e-4,i+.45),a.connect(r).connect(te.destination),a.start(i),a.stop(i+.5)}}function Be(t,n,o){if(!w().desktop||document.visibilityState==="visible")return;let a=new Notification(t,{body:n,tag:o,icon:"/static/logo.svg"});a.onclick=()=>{window.focus(),a.close()}}var Ve=new Set;function Ge(){Le(t=>{let n=w();n.queue.some(a=>a.id===t.id)||n.mine.some(a=>a.id===t.id)||!n.loaded||t.state==="closed"||(n.sound&&je(),Be(F().notify.waiting,F().notify.message(t.label),t.id))}),Ae((t,n)=>{let o=w().mine.find(a=>a.id===t);o&&n.by==="visitor"&&n.kind==="text"&&Be(F().notify.message(o.label),n.body.slice(0,120),t)}),re(()=>{let t=Lt(),{nav:n}=F(),{screen:o,phase:a}=w(),r=a==="ready"?n[o]:F().appName,i=`${t>0?`(${t}) `:""}${r} – Aparté`;document.title!==i&&(document.title=i)}),setInterval(()=>{let{mine:t,sound:n}=w();for(let o of t){let a=`${o.id}:${o.waiting_since}`;o.waiting_since===null||Te.now()-o.waiting_since<Ke||Ve.has(a)||(Ve.add(a),n&&je())}},1e3)}var Lt=()=>w().mine.filter(t=>t.unread>0).length;var At=/(^|[._])(value|price|spend|revenue|total)$/,Ot=/(dwell|active|duration|idle|since_last_\w+)$/;function ge(){let t=p(),n=d(o=>o.language);return(o,a)=>a===null?"–":typeof a=="boolean"?a?t.context.yes:t.context.no:typeof a=="string"?_(t.devices,a,_(t.channels,a)):At.test(o)?A(a,n,J()):Ot.test(o)?O(a*1e3,n):S(a,n)}function fe({why:t}){let n=p(),o=ge();if(!t)return e(b,{children:[n.reason.none,"."]});let a=[Jt(t,n)];t.version!==null&&t.version!==void 0&&a.push(n.reason.version(String(t.version).slice(0,8))),t.variant&&t.decision==="invite"&&a.push(n.reason.variant(t.variant));let r=Object.entries(t.values).slice(0,3).map(([i,s],l)=>`${Pt(_(n.values,i),l)} ${o(i,s)}`);return e(b,{children:[a.join(", "),".",r.length>0&&e(b,{children:[e("br",{}),r.join(", "),"."]})]})}var Pt=(t,n)=>n===0?t:t.charAt(0).toLowerCase()+t.slice(1);function Jt(t,n){return t.decision==="invite"?n.reason.invited(t.campaign,t.rule):t.decision==="hold_out"?n.reason.heldOut(t.campaign):n.reason.refrained(t.campaign,_(n.reasons,t.reason??"",t.reason??n.reason.unknown))}var qt=5e3,Ye=12;function zt(t){return y(()=>{pe(t);let n=setInterval(()=>{document.visibilityState==="visible"&&pe(t)},qt);return()=>clearInterval(n)},[t]),d(n=>n.journeys[t])??{data:null,failed:!1}}function xe({visitor:t}){let n=p(),{data:o,failed:a}=zt(t);return!o&&!a?e(E,{label:n.context.loading,rows:7}):o?e("div",{class:"context-scroll",tabIndex:0,role:"region","aria-label":n.context.label,children:[e(Xt,{why:o.why}),e(Dt,{journey:o}),e(Wt,{journey:o}),e(Ut,{journey:o}),e(jt,{journey:o})]}):e("div",{class:"context-failed",children:[e("p",{class:"problem",children:[e(u,{name:"circle-alert"}),n.context.failed]}),e("button",{type:"button",onClick:()=>{pe(t)},children:n.context.retry})]})}function M({title:t,aside:n,children:o}){return e("section",{class:"context-section",children:[e("h3",{children:[e("span",{children:t}),n&&e("span",{class:"aside",children:n})]}),o]})}function Xt({why:t}){let n=p(),o=ge(),a=d(r=>r.language);return t?e(M,{title:n.context.why,aside:e("time",{title:Z(t.at,a,P()),children:n.context.decidedAt(Q(t.at,P()))}),children:[t.decision!=="invite"&&e("p",{class:"held",children:[e(u,{name:"lock"}),e("span",{children:e(fe,{why:{...t,values:{}}})})]}),e("dl",{class:"figures",children:Object.entries(t.values).map(([r,i])=>e("div",{children:[e("dt",{title:r,children:_(n.values,r)}),e("dd",{children:o(r,i)})]},r))}),e("pre",{class:"cel",tabIndex:0,"aria-label":n.context.rule,children:e("code",{children:t.when})})]}):e(M,{title:n.context.why,children:e("p",{class:"quiet-text",children:n.context.noWhy})})}var Nt=t=>/Added|Accepted|Completed|Started/.test(t.name),Mt=t=>/Error|Denied|Exit|Rage|Declined|Removed|Abandoned/.test(t.name);function Dt({journey:t}){let n=p(),o=d(s=>s.language),[a,r]=v(!1),i=a?t.steps:t.steps.slice(-Ye);return e(M,{title:n.context.path,aside:t.session&&e(Ft,{from:t.session.started_at}),children:[t.steps.length===0&&e("p",{class:"quiet-text",children:n.context.noSteps}),e("ol",{class:"path",children:i.map((s,l)=>e("li",{class:Nt(s)?"turn":Mt(s)?"doubt":"",children:[e("time",{title:Z(s.at,o,P()),children:Q(s.at,P())}),e("span",{class:"point"}),e("span",{children:[e("b",{children:Ht(s,n)})," ",Kt(s)]})]},`${s.at}${s.name}${l}`))}),t.steps.length>Ye&&e("button",{type:"button",class:"quiet",onClick:()=>r(!a),children:a?n.context.showLess:n.context.showAll(t.steps.length)})]})}function Ft({from:t}){let n=d(o=>o.language);return e(b,{children:O(I()-t,n)})}function Ht(t,n){return t.kind==="page"?t.name&&t.name!=="page"?t.name:Ze(t.url)||n.steps.page:_(n.steps,t.name)}var Kt=t=>t.detail??(t.kind==="page"&&t.name&&t.name!=="page"?Ze(t.url):""),Ze=t=>t&&URL.canParse(t)?new URL(t).pathname:t??"";function Wt({journey:t}){let n=p(),o=d(r=>r.language),a=t.cart;return!a||a.items===0?e(M,{title:n.context.cart,children:e("p",{class:"quiet-text",children:n.context.emptyCart})}):e(M,{title:n.context.cart,aside:e("strong",{children:A(a.value,o,J())}),children:e("dl",{class:"figures",children:a.lines.map((r,i)=>e("div",{children:[e("dt",{children:[r.quantity>1?`${S(r.quantity,o)} × `:"",r.name]}),e("dd",{children:A(r.price*r.quantity,o,J())})]},i))})})}function Ut({journey:t}){let n=p(),o=d(i=>i.language),a=[_(n.devices,t.device??"",t.device??""),t.browser].filter(Boolean).join(", "),r=[[n.context.visits,S(t.visits,o)],[n.context.firstVisit,t.first_visit_at===null?null:Fe(t.first_visit_at,o,P())],[n.context.orders,S(t.orders,o)],[n.context.spend,t.orders>0?A(t.spend,o,J()):null],[n.context.source,t.channel&&_(n.channels,t.channel)],[n.context.referrer,t.referrer&&(URL.canParse(t.referrer)?new URL(t.referrer).host:t.referrer)],[n.context.device,a||null],[n.context.language,t.language&&Ee("language",t.language,o)],[n.context.country,t.country&&Ee("region",t.country,o)]];return e(M,{title:n.context.facts,children:[e("dl",{class:"figures",children:r.map(([i,s])=>e("div",{children:[e("dt",{children:i}),e("dd",{children:s||"–"})]},i))}),e(Qe,{title:n.context.identity,values:t.claimed,tag:e("span",{class:`tag ${t.verified?"green":"honey"}`,children:t.verified?n.context.verified:n.context.unverified})}),e(Qe,{title:n.context.traits,values:t.traits,tag:null})]})}function Qe({title:t,values:n,tag:o}){let a=ge(),r=Object.entries(n);return r.length===0?null:e("div",{class:"identity",children:[e("h4",{children:[e("span",{children:t}),o]}),e("dl",{class:"figures",children:r.map(([i,s])=>e("div",{children:[e("dt",{children:i}),e("dd",{children:a(i,s)})]},i))})]})}function jt({journey:t}){let n=p(),o=d(r=>r.language),a=I();return e(M,{title:n.context.earlier,children:[t.earlier.length===0&&e("p",{class:"quiet-text",children:n.context.noEarlier}),e("ul",{class:"earlier",children:t.earlier.map(r=>e("li",{children:e("button",{type:"button",class:"quiet",onClick:()=>h({transcript:r.id}),children:[e("span",{children:He(r.opened_at,a,o,P())}),e("span",{children:r.agent??n.context.noAgent}),e("span",{children:r.csat===null?n.context.unanswered:`${r.csat}/5`})]})},r.id))})]})}function et(){let t=p(),n=d(i=>i.loaded),o=d(i=>i.mine),a=d(i=>i.queue),r=d(i=>i.live.figures.online);return e("section",{class:"conversations","aria-label":t.list.mine,children:[e("div",{class:"list-scroll",children:[e(Gt,{}),e("h2",{class:"list-head",children:[e("span",{children:t.list.mine}),e("span",{children:t.list.wait})]}),!n&&e(E,{label:t.boot.loading}),n&&o.length===0&&e(N,{title:t.list.noneMine,next:t.list.noneMineNext,mark:!1}),e("ul",{children:o.map(i=>e("li",{children:e(Bt,{conv:i})},i.id))}),e("h2",{class:"list-head",children:[e("span",{children:t.list.queue}),e("span",{children:t.list.target})]}),n&&a.length===0&&e(N,{title:t.list.noneQueue,next:t.list.noneQueueNext,mark:o.length===0,children:o.length===0&&r>0&&e("button",{type:"button",onClick:()=>C("visitors"),children:r===1?t.list.seeVisitor:t.list.seeVisitors(r)})}),e("ul",{children:a.map(i=>e("li",{children:e(Vt,{conv:i})},i.id))})]}),a.length>0&&e("div",{class:"list-foot",children:e("button",{type:"button",class:"primary wide",onClick:()=>{z()},children:[t.list.take,e(T,{of:["Alt","N"]})]})})]})}var tt=(t,n,o)=>t.last?`${t.last.by==="agent"?n:""}${t.last.body}`:o;function Bt({conv:t}){let n=p(),o=d(r=>r.selected===t.id),a=d(r=>r.language);return e("button",{type:"button",class:`conv ${o?"chosen":""} ${t.unread>0?"unread":""}`,"aria-current":o?"true":void 0,onClick:()=>de(t.id),children:[e("span",{class:"conv-top",children:[e("strong",{children:n.list.visitor(t.label)}),t.waiting_since===null?e("span",{class:"quiet-text",children:t.visitor_online?n.list.answered:n.list.away}):e(_e,{since:t.waiting_since})]}),e("span",{class:"conv-last",children:tt(t,n.list.you,n.list.noMessage)}),e("span",{class:"conv-tags",children:[t.campaign&&e("span",{class:"tag plum",children:t.campaign}),t.cart&&t.cart.items>0&&e("span",{class:"tag line",children:A(t.cart.value,a,J())}),t.unread>0&&!o&&e("span",{class:"tag line",children:n.list.unread(t.unread)})]})]})}function Vt({conv:t}){let n=p(),o=n.list.visitor(t.label);return e("button",{type:"button",class:"conv",onClick:()=>{z(t.id)},children:[e("span",{class:"hidden",children:n.list.takeThis("")}),e("span",{class:"conv-top",children:[e("strong",{children:o}),e(_e,{since:t.waiting_since??t.opened_at})]}),e("span",{class:"conv-last",children:tt(t,n.list.you,n.list.noMessage)})]})}function Gt(){let t=p(),n=d(i=>i.outbox),o=d(i=>i.mine),r=d(i=>i.loaded)?n.filter(i=>i.failed&&!o.some(s=>s.id===i.conv)):[];return r.length===0?null:e(b,{children:r.map(i=>e("div",{class:"stranded",role:"alert",children:[e("p",{class:"problem",children:[e(u,{name:"circle-alert"}),t.thread.failed]}),e("p",{children:t.thread.failures.not_assigned}),e("blockquote",{children:i.body}),e("p",{class:"actions",children:[e("button",{type:"button",onClick:()=>{U(i.body).then(s=>s&&D(t.thread.copied))},children:t.thread.copy}),e("button",{type:"button",class:"quiet",onClick:()=>ie(i.cid),children:t.thread.drop})]})]},i.cid))})}var nt={waiting:0,eligible:1,invited:2,chatting:3,held_out:4,browsing:5},Yt=t=>[...t].sort((n,o)=>nt[n.state]-nt[o.state]||o.since-n.since);function Qt(t,n){let o=$(new Map),[,a]=v(0),r=new Map(t.map(l=>[l.visitor,l])),i=()=>{o.current=new Map(Yt(t).map(l=>[l.visitor,l]))};return(!n||o.current.size===0)&&i(),{shown:[...o.current].map(([l,c])=>({row:r.get(l)??c,left:!r.has(l)})),waiting:t.filter(l=>!o.current.has(l.visitor)).length,letIn:()=>{i(),a(l=>l+1)}}}function Zt(){y(()=>{let t=()=>ye(document.visibilityState==="visible");return t(),document.addEventListener("visibilitychange",t),L.visitors().then(n=>{w().live.loaded||h({live:{rows:n.visitors,figures:n,loaded:!0}})},n=>{if(!q(n))throw n}),()=>{document.removeEventListener("visibilitychange",t),ye(!1)}},[])}function ve({strip:t=!1,onOpen:n,chosen:o}){let a=p();Zt();let r=d(R=>R.live),[i,s]=v(!1),[l,c]=v(!1),{shown:g,waiting:m,letIn:x}=Qt(r.rows,i||l),k=n??(R=>C("visitors",R)),{figures:f}=r,we=[a.live.visitor,a.live.page,a.live.since,a.live.source,a.live.cart,a.live.visits,a.live.device,a.live.state];return e("section",{class:`live ${t?"strip":"full"}`,"aria-label":a.live.title,onPointerEnter:()=>s(!0),onPointerLeave:()=>s(!1),onFocusIn:()=>c(!0),onFocusOut:()=>c(!1),children:[e("header",{class:"live-head",children:[e("h2",{children:a.live.title}),e(he,{text:a.live.online(f.online)}),e(he,{text:a.live.eligible(f.eligible)}),e(he,{text:a.live.heldOut(f.held_out)}),e(he,{text:a.live.free(f.free)}),e("span",{class:"head-gap"}),m>0&&e("button",{type:"button",class:"fresh",onClick:x,children:a.live.fresh(m)})]}),!r.loaded&&e(E,{label:a.boot.loading,rows:5}),r.loaded&&g.length===0&&e(N,{title:a.live.empty,next:a.live.emptyNext,mark:!t}),g.length>0&&e("div",{class:"live-scroll",children:e("table",{children:[e("thead",{children:e("tr",{children:we.map((R,G)=>e("th",{scope:"col",class:G===2||G===4||G===5?"right":"",children:R},R))})}),e("tbody",{children:g.map(({row:R,left:G})=>e(en,{row:R,left:G,open:k,chosen:o===R.visitor},R.visitor))})]})})]})}function he({text:t}){let[,n,o]=/^(\d*)(.*)$/s.exec(t)??["","",t];return e("span",{class:"live-figure",children:[n&&e("b",{children:n}),o]})}function en({row:t,left:n,open:o,chosen:a}){let r=p(),i=d(l=>l.language),s=t.state==="held_out";return e("tr",{class:`${s?"held-out":""} ${n?"left-row":""} ${a?"chosen":""} ${t.state}`,onClick:()=>o(t.visitor),children:[e("th",{scope:"row",children:e("button",{type:"button",class:"row-open","aria-label":r.live.open(t.label),onClick:l=>{l.stopPropagation(),o(t.visitor)},children:t.label})}),e("td",{class:"cell-page",title:t.page?.title||t.page?.url,children:t.page?.path??"–"}),e("td",{class:"right",children:t.page?e(me,{at:t.page.at}):"–"}),e("td",{children:t.channel?_(r.channels,t.channel):"–"}),e("td",{class:"right",children:t.cart&&t.cart.items>0?A(t.cart.value,i,J()):"–"}),e("td",{class:"right",children:S(t.visits,i)}),e("td",{children:t.device?_(r.devices,t.device):"–"}),e("td",{class:"cell-state",children:e(tn,{row:t,left:n})})]})}function tn({row:t,left:n}){let o=p(),a=d(l=>l.language),r=Math.max(0,I()-(t.state_at??t.since)),i=r<6e4?o.live.seconds(Math.floor(r/1e3)):O(r,a),{states:s}=o.live;if(n)return e("span",{class:"quiet-text",children:s.left});switch(t.state){case"held_out":return e("span",{class:"locked",children:[e(u,{name:"lock"}),o.live.lock]});case"eligible":return e("span",{class:"tag green",title:t.rule??"",children:s.eligible});case"invited":return e("span",{class:"tag plum",title:t.rule??"",children:s.invited(i)});case"waiting":return e("span",{class:"tag honey",children:s.waiting(i)});case"chatting":return e("span",{class:"tag plum",children:s.chatting});default:return e("span",{class:"quiet-text",children:t.reachable?s.browsing:o.live.hidden})}}var nn=/\b(?:https?:\/\/|mailto:|tel:)[^\s<>"'«»]+[^\s<>"'«».,;:!?)\]]/gi;function B({text:t}){let n=[],o=0;for(let a of t.matchAll(nn))n.push(t.slice(o,a.index),e("a",{href:a[0],target:"_blank",rel:"noopener nofollow ugc",children:a[0]},a.index)),o=a.index+a[0].length;return n.push(t.slice(o)),e(b,{children:n})}function on({side:t,body:n,note:o,children:a}){return e("div",{class:`line ${t}`,children:e("div",{class:`bubble ${o?"note":""}`,children:[a,e(B,{text:n})]})})}function an(t,n){try{let o=JSON.parse(t);return typeof o!="object"||o===null?t:[o.csat==null?"":n.thread.csat(String(o.csat)),o.nps==null?"":n.thread.nps(String(o.nps)),o.solved==null?"":o.solved?n.thread.solved:n.thread.unsolved,o.comment?`« ${o.comment} »`:""].filter(Boolean).join(", ")}catch(o){if(o instanceof SyntaxError)return t;throw o}}function be({entry:t,foot:n}){let o=p(),a=d(s=>s.language),r=d(s=>s.me?.name),i=e("time",{title:Z(t.ts,a,P()),children:Q(t.ts,P())});switch(t.kind){case"text":return e(b,{children:[e(on,{side:t.by==="visitor"?"visitor":"agent",body:t.body,children:e("span",{class:"hidden",children:o.thread.writer(t.by==="visitor"?o.thread.theVisitor:t.name??"")})}),n&&e("p",{class:`foot ${t.by==="visitor"?"visitor":""}`,children:[n,", ",i]})]});case"offer":return e(b,{children:[e("div",{class:"line agent",children:e("div",{class:"bubble offer",children:e(B,{text:t.body})})}),e("p",{class:"foot",children:[o.thread.auto,", ",i]})]});case"note":return e("p",{class:"note-line",children:[e("strong",{children:t.name&&t.name!==r?o.thread.note(t.name):o.thread.myNote})," ",e(B,{text:t.body})]});case"survey":return e(W,{children:e("p",{children:[e("strong",{children:o.thread.survey})," ",an(t.body,o)]})});case"hidden":return null;default:return e("p",{class:"event-line",children:[rn(t,o),", ",i]})}}function rn(t,n){let o=t.body||t.name||n.thread.theVisitor;return t.kind==="join"?n.thread.joined(o):t.kind==="leave"?n.thread.left(o):t.kind==="transfer"?n.thread.transferred(o):n.thread.closed}function ot({label:t}){return e("div",{class:"line visitor",children:e("div",{class:"bubble typing",children:[e("span",{class:"hidden",children:t}),e("i",{"aria-hidden":"true"}),e("i",{"aria-hidden":"true"}),e("i",{"aria-hidden":"true"})]})})}var sn=4e3,ln={text:"",note:"",mode:"text"};function at({conv:t}){let n=p(),o=d(f=>f.drafts[t.id])??ln,a=$(null),r=o.mode==="note",i=r?o.note:o.text,s=[...i.normalize("NFC")].length-sn,l=$(void 0),c=f=>h({drafts:{...w().drafts,[t.id]:{...o,...f}}});Y(()=>{let f=a.current;f&&(f.style.height="auto",f.style.height=`${Math.min(f.scrollHeight,160)}px`)},[i,r]);let g=f=>{c(r?{note:f}:{text:f}),!r&&(se(t.id,f!==""),clearTimeout(l.current),l.current=setTimeout(()=>se(t.id,!1),4e3))},m=()=>{let f=i.replace(/\s+$/,"");!f.trim()||s>0||(Pe(t.id,r?"note":"text",f),c(r?{note:""}:{text:""}),clearTimeout(l.current),se(t.id,!1),a.current?.focus())},x=f=>{f.key!=="Enter"||f.shiftKey||f.isComposing||(f.preventDefault(),m())},k=f=>{c({mode:f}),a.current?.focus()};return e("form",{class:`composer ${r?"as-note":""}`,onSubmit:f=>{f.preventDefault(),m()},children:[e("div",{class:"composer-field",children:[e("textarea",{id:"composer",ref:a,rows:1,value:i,"aria-label":r?n.composer.noteOn(t.label):n.composer.replyTo(t.label),"aria-describedby":"composer-hint",placeholder:r?n.composer.notePlaceholder:n.composer.placeholder,onInput:f=>g(f.currentTarget.value),onKeyDown:x}),e("button",{type:"submit",class:"primary",disabled:s>0,children:[r?n.composer.keep:n.composer.send,e(u,{name:r?"sticky-note":"corner-down-left"})]})]}),e("div",{class:"composer-modes",children:[e("button",{type:"button","aria-pressed":!r,onClick:()=>k("text"),children:[n.composer.reply,e(T,{of:["Alt","L"]})]}),e("button",{type:"button","aria-pressed":r,onClick:()=>k("note"),children:[n.composer.note,e(T,{of:["Alt","P"]})]}),e("span",{class:"head-gap"}),e("span",{id:"composer-hint",class:s>0?"problem":"quiet-text",children:s>0?n.composer.left(s):n.composer.hint})]})]})}function rt(){let t=p(),n=d(Ie);return n?e(dn,{conv:n},n.id):e("section",{class:"thread","aria-label":t.nav.exchanges,children:e(N,{title:t.thread.none,next:t.thread.noneNext})})}function dn({conv:t}){let n=p(),o=n.list.visitor(t.label);return e("section",{class:"thread","aria-label":n.thread.label(o),children:[e("header",{class:"thread-head",children:[e("button",{type:"button",class:"quiet thread-back","aria-label":n.thread.back,onClick:()=>h({pane:"list"}),children:e(u,{name:"arrow-left",size:18})}),e("span",{class:"avatar","aria-hidden":"true",children:t.label.slice(0,2)}),e("div",{class:"thread-who",children:[e("h2",{children:o}),e("p",{children:e(pn,{conv:t})})]}),e("button",{type:"button",class:"thread-context",onClick:()=>h({pane:"context"}),children:n.thread.context}),e("button",{type:"button",onClick:()=>{H()},children:[n.thread.close,e(T,{of:["Alt","E"]})]})]}),e(un,{conv:t,name:o}),e(at,{conv:t})]})}function pn({conv:t}){let n=p(),o=d(x=>x.live.rows.find(k=>k.visitor===t.visitor)),a=d(x=>x.journeys[t.visitor]?.data),r=d(x=>x.threads[t.id]?.presence??null),i=o?.page??cn(a?.steps),s=o?.visits??a?.visits,l=r??(t.visitor_online?"connected":"left"),[c,g]=n.thread.onPage(i?.path??"","\0").split("\0"),m=l==="left"?n.thread.gone:l==="away"?n.thread.away:null;return e(b,{children:[m??(i?e(b,{children:[c,e(me,{at:i.at}),g]}):n.thread.online),s?`, ${n.thread.visit(s)}`:""]})}function cn(t){let n=t?.findLast(o=>o.kind==="page"&&o.url);return n?.url?{path:URL.canParse(n.url)?new URL(n.url).pathname:n.url,at:n.at}:null}function un({conv:t,name:n}){let o=p(),a=d(g=>g.threads[t.id])??Re,i=d(g=>g.outbox).filter(g=>g.conv===t.id),{place:s,atEnd:l,toEnd:c}=mn(a.entries.at(-1)?.seq??0,i.length);return gn(t.id,a,l),e("div",{class:"log-place",children:[e("div",{class:"log",ref:s,role:"log","aria-live":"polite","aria-label":o.thread.label(n),tabIndex:0,children:[a.more&&e("button",{type:"button",class:"quiet older",onClick:()=>{Ne(t.id)},children:o.thread.older}),!a.more&&e(vn,{conv:t}),!a.loaded&&e(E,{label:o.boot.loading}),a.loaded&&a.entries.length===0&&i.length===0&&e("p",{class:"event-line",children:o.thread.empty}),a.entries.map((g,m)=>e(be,{entry:g,foot:fn(a,m,o)},g.seq)),i.map(g=>e(xn,{item:g,live:a.live},g.cid)),e(hn,{thread:a})]}),!l&&e("button",{type:"button",class:"to-end",onClick:c,children:[e(u,{name:"chevron-down"}),o.thread.newer]})]})}function mn(t,n){let o=$(null),[a,r]=v(!0),i=()=>{o.current&&(o.current.scrollTop=o.current.scrollHeight)};return Y(()=>{a&&i()},[t]),Y(i,[n]),y(()=>{let s=o.current;if(!s)return;let l=()=>r(s.scrollHeight-s.scrollTop-s.clientHeight<48),c=new ResizeObserver(()=>{a&&i()});return c.observe(s),s.addEventListener("scroll",l,{passive:!0}),()=>{c.disconnect(),s.removeEventListener("scroll",l)}},[a]),{place:o,atEnd:a,toEnd:i}}function gn(t,n,o){let a=d(r=>r.pane);y(()=>{let r=()=>{o&&document.visibilityState==="visible"&&document.hasFocus()&&qe(t)};return r(),addEventListener("focus",r),()=>removeEventListener("focus",r)},[t,n.entries.length,n.live,o,a])}function fn(t,n,o){let a=t.entries[n],r=t.entries.slice(n+1).find(i=>i.kind==="text"||i.kind==="offer");return a.kind!=="text"||a.by!=="agent"||r?.by==="agent"?null:a.seq<=t.wm.read?o.thread.read:a.seq<=t.wm.dlv?o.thread.delivered:o.thread.sent}function xn({item:t,live:n}){let o=p(),a=o.thread.failures,r=n?o.thread.sending:o.thread.waiting;return e("div",{class:"echo","data-cid":t.cid,children:[t.kind==="note"?e("p",{class:"note-line",children:[e("strong",{children:o.thread.myNote})," ",e(B,{text:t.body})]}):e("div",{class:"line agent",children:e("div",{class:"bubble",children:e(B,{text:t.body})})}),!t.failed&&e("p",{class:"foot",children:[e(u,{name:"clock"}),r]}),t.failed&&e("div",{class:"echo-failed",role:"alert",children:[e("p",{class:"problem",children:[e(u,{name:"circle-alert"}),o.thread.failed]}),e("p",{children:a[t.failed]??o.thread.failures.other}),e("p",{class:"actions",children:[e("button",{type:"button",onClick:()=>Je(t.cid),children:[e(u,{name:"rotate-cw"}),o.thread.retry]}),e("button",{type:"button",onClick:()=>{U(t.body).then(i=>i&&D(o.thread.copied))},children:[e(u,{name:"copy"}),o.thread.copy]}),e("button",{type:"button",class:"quiet",onClick:()=>ie(t.cid),children:o.thread.drop})]})]})]})}function hn({thread:t}){let n=p();return I(),t.typingUntil>Date.now()?e(ot,{label:n.thread.typing}):null}function vn({conv:t}){let n=d(o=>o.journeys[t.visitor]?.data);return n?e(W,{children:e("p",{class:"reason",children:e(fe,{why:n.why})})}):null}var bn=["list","thread","context","live"];function it(){let t=p(),n=d(r=>r.pane),o=d(r=>r.mine.find(i=>i.id===r.selected)?.visitor??null),a={list:t.thread.back,thread:t.thread.pane,context:t.thread.context,live:t.nav.visitors};return e(b,{children:[e("div",{class:"pane-tabs",role:"group","aria-label":t.nav.exchanges,children:bn.map(r=>e("button",{type:"button","aria-pressed":n===r,onClick:()=>h({pane:r}),children:a[r]},r))}),e("div",{class:`panes show-${n}`,children:[e(et,{}),e(rt,{}),e("aside",{class:"context","aria-label":t.context.label,children:o&&e(xe,{visitor:o},o)}),e(ve,{strip:!0})]})]})}function st(){let t=p(),n=d(a=>a.screen),o=d(a=>a.queue.length);return e("header",{class:"head",children:[e("h1",{children:t.nav[n]}),e(yn,{}),e("span",{class:"head-gap"}),e(wn,{}),e("span",{class:"head-queue",children:[e(u,{name:"clock",size:18}),e("span",{children:t.head.queue(o)})]}),e(Sn,{}),e("button",{type:"button",class:"quiet head-search",onClick:()=>h({palette:!0}),children:[e(u,{name:"search",size:18}),e("span",{children:t.head.search}),e(T,{of:["Mod","K"]})]}),e(_n,{})]})}function wn(){let t=p(),n=d(a=>a.me),o=d(a=>a.loaded?a.mine.length:a.me?.load??0);return n?e("span",{class:"head-load",children:[e("span",{class:"load-bars","aria-hidden":"true",children:Array.from({length:n.maximum},(a,r)=>e("span",{class:r<o?"on":""},r))}),e("span",{children:t.head.load(o,n.maximum)})]}):null}function yn(){let t=p(),n=d(a=>a.link),o=d(a=>a.offSince);return e("span",{class:"network",role:"status",children:[n==="off"&&o>0&&e(kn,{since:o}),n==="replaced"&&e(b,{children:[e("span",{class:"tag honey",children:[e(u,{name:"wifi-off"}),t.offline.replaced]}),e("button",{type:"button",onClick:Oe,children:t.offline.takeBack})]})]})}function kn({since:t}){let n=p(),o=d(r=>r.language);I();let a=Date.now()-t;return a<2e3?null:e("span",{class:"tag honey",title:n.offline.lead,children:[e(u,{name:"wifi-off"}),e("span",{children:n.offline.since("")}),e("span",{"aria-live":"off",children:O(a,o)})]})}function lt({label:t,button:n,children:o,className:a}){let[r,i]=v(!1),s=$(null),l=()=>[...s.current?.querySelectorAll("[role^=menuitem]")??[]];y(()=>{if(!r)return;(l().find(x=>x.getAttribute("aria-checked")==="true")??l()[0])?.focus();let m=x=>{s.current?.contains(x.target)||i(!1)};return addEventListener("pointerdown",m),()=>removeEventListener("pointerdown",m)},[r]);let c=()=>{i(!1),s.current?.querySelector("button")?.focus()},g=m=>{if(!r)return;let x=l(),k=x.indexOf(document.activeElement);m.key==="Escape"?(m.stopPropagation(),c()):m.key==="ArrowDown"?(m.preventDefault(),x[(k+1)%x.length]?.focus()):m.key==="ArrowUp"?(m.preventDefault(),x[(k-1+x.length)%x.length]?.focus()):m.key==="Tab"&&i(!1)};return e("div",{class:`menu ${a??""}`,ref:s,onKeyDown:g,children:[e("button",{type:"button","aria-haspopup":"menu","aria-expanded":r,onClick:()=>i(!r),children:[e("span",{class:"hidden",children:[t," "]}),n]}),r&&e("div",{class:"menu-list",role:"menu","aria-label":t,onClick:m=>m.target.closest("[data-shut]")&&c(),children:o})]})}function Sn(){let t=p(),n=d(a=>a.me?.status??"away"),o=(a,r)=>e("button",{type:"button",role:"menuitemradio","aria-checked":n===a,"data-shut":!0,tabIndex:-1,onClick:()=>{ce(a)},children:[e("span",{class:`dot ${a}`}),e("span",{children:[e("strong",{children:t.head[a]}),e("small",{children:r})]}),n===a&&e(u,{name:"check"})]});return e(lt,{label:t.head.status,className:"status",button:e(b,{children:[e("span",{class:`dot ${n}`}),e("span",{children:t.head[n]}),e(u,{name:"chevron-down"})]}),children:[o("available",t.head.availableHint),o("away",t.head.awayHint)]})}var En=[["system","monitor","themeSystem"],["light","sun","themeLight"],["dark","moon","themeDark"]];function _n(){let t=p(),n=d(l=>l.me),{language:o,theme:a,sound:r,desktop:i}={language:d(l=>l.language),theme:d(l=>l.theme),sound:d(l=>l.sound),desktop:d(l=>l.desktop)},s=(n?.name??"").split(/\s+/).map(l=>l[0]??"").join("").slice(0,2).toUpperCase();return e(lt,{label:t.head.preferences,className:"preferences",button:e("span",{class:"initials",children:s}),children:[e("p",{class:"menu-who",role:"presentation",children:[e("strong",{children:n?.name}),e("small",{children:n?.email})]}),e("div",{role:"group","aria-label":t.head.language,children:[e("p",{class:"menu-title",role:"presentation",children:t.head.language}),["fr","en"].map(l=>e("button",{type:"button",role:"menuitemradio","aria-checked":o===l,tabIndex:-1,lang:l,onClick:()=>K(l),children:[e(u,{name:"languages"}),e("span",{children:l==="fr"?"Français":"English"}),o===l&&e(u,{name:"check"})]},l))]}),e("div",{role:"group","aria-label":t.head.theme,children:[e("p",{class:"menu-title",role:"presentation",children:t.head.theme}),En.map(([l,c,g])=>e("button",{type:"button",role:"menuitemradio","aria-checked":a===l,tabIndex:-1,onClick:()=>ue(l),children:[e(u,{name:c}),e("span",{children:t.head[g]}),a===l&&e(u,{name:"check"})]},l))]}),e("div",{role:"group","aria-label":t.head.preferences,children:[e("p",{class:"menu-title",role:"presentation",children:t.head.preferences}),e("button",{type:"button",role:"menuitemcheckbox","aria-checked":r,tabIndex:-1,onClick:()=>Me(!r),children:[e(u,{name:r?"volume-2":"volume-x"}),e("span",{children:t.head.sound}),e("em",{children:r?t.head.on:t.head.off})]}),e("button",{type:"button",role:"menuitemcheckbox","aria-checked":i,tabIndex:-1,onClick:()=>{De(!i)},children:[e(u,{name:i?"bell":"bell-off"}),e("span",{children:t.head.desktop}),e("em",{children:i?t.head.on:t.head.off})]})]}),e("button",{type:"button",role:"menuitem","data-shut":!0,tabIndex:-1,onClick:()=>{Xe()},children:[e(u,{name:"log-out"}),e("span",{children:t.head.signOut})]})]})}function dt({onClose:t}){let n=p().help,o=[[["Alt","N"],n.next],[["Alt","J"],n.down],[["Alt","K"],n.up],[["Alt","L"],n.reply],[["Alt","P"],n.note],[["Alt","E"],n.close],[["Enter"],n.send],[["Shift","Enter"],n.line],[["Mod","K"],n.search],[["?"],n.help],[["Esc"],n.esc]];return e(j,{label:n.title,onClose:t,children:[e("h2",{children:n.title}),e("dl",{class:"key-list",children:o.map(([a,r])=>e("div",{children:[e("dt",{children:[e("span",{class:"hidden",children:a.join(" ")}),e(T,{of:a})]}),e("dd",{children:r})]},r))}),e("button",{type:"button",onClick:t,autofocus:!0,children:n.dismiss})]})}var V=["woocommerce","prestashop","shopify","magento","gtm","server"],pt=`<script>
  window.aparte = window.aparte || [];
  aparte.push(["visitorId", function (id) {
    if (id) document.cookie = "aparte_visitor=" + id + "; path=/; max-age=86400; SameSite=Lax; Secure";
  }]);
<\/script>`,ct=`aparte.consent("granted");
aparte.consent("denied");`,Cn=({host:t})=>[{name:"wp-content/mu-plugins/aparte-orders.php",code:`<?php
/* Plugin Name: Aparté orders. In wp-config.php: define('APARTE_SECRET', '...'); */
function aparte_keep_visitor($order) {
    $visitor = $_COOKIE['aparte_visitor'] ?? '';
    if (preg_match('/^[0-9a-f]{32}$/', $visitor)) {
        $order->update_meta_data('_aparte_visitor', $visitor);
        $order->save();
    }
}
add_action('woocommerce_checkout_order_created', 'aparte_keep_visitor');
add_action('woocommerce_store_api_checkout_order_processed', 'aparte_keep_visitor');

function aparte_send($event, $message_id, $order, $properties) {
    $body = ['messageId' => $message_id, 'event' => $event, 'timestamp' => gmdate('c'), 'properties' => $properties];
    $visitor = $order->get_meta('_aparte_visitor');
    if ($visitor) $body['anonymousId'] = $visitor;
    else $body['userId'] = 'order-' . $order->get_id();
    wp_remote_post('${t}/v1/track', [
        'timeout' => 5,
        'headers' => [
            'Content-Type' => 'application/json',
            'Authorization' => 'Basic ' . base64_encode(APARTE_SECRET . ':'),
        ],
        'body' => wp_json_encode($body),
    ]);
}

function aparte_order($order_id) {
    $order = wc_get_order($order_id);
    $products = [];
    foreach ($order->get_items() as $item) {
        $quantity = max(1, $item->get_quantity());
        $products[] = [
            'product_id' => (string) $item->get_product_id(),
            'name' => $item->get_name(),
            'quantity' => $quantity,
            'price' => round($item->get_total() / $quantity, 2),
        ];
    }
    aparte_send('Order Completed', 'wc-order-' . $order_id, $order, [
        'order_id' => (string) $order_id,
        'total' => (float) $order->get_total(),
        'currency' => $order->get_currency(),
        'products' => $products,
    ]);
}
add_action('woocommerce_order_status_processing', 'aparte_order');
add_action('woocommerce_order_status_completed', 'aparte_order');

add_action('woocommerce_order_refunded', function ($order_id, $refund_id) {
    $order = wc_get_order($order_id);
    aparte_send('Order Refunded', 'wc-refund-' . $refund_id, $order, [
        'order_id' => (string) $order_id,
        'total' => (float) wc_get_order($refund_id)->get_amount(),
        'currency' => $order->get_currency(),
    ]);
}, 10, 2);`}],$n=({host:t})=>[{name:"modules/aparteorders/aparteorders.php",code:`<?php
if (!defined('_PS_VERSION_')) exit;

class AparteOrders extends Module
{
    public function __construct()
    {
        $this->name = 'aparteorders';
        $this->version = '1.0.0';
        $this->author = 'Aparté';
        parent::__construct();
        $this->displayName = 'Aparté orders';
    }

    public function install()
    {
        return parent::install() && $this->registerHook('actionValidateOrder');
    }

    public function hookActionValidateOrder($params)
    {
        $order = $params['order'];
        $products = [];
        foreach ($order->getProducts() as $line) {
            $products[] = [
                'product_id' => (string) $line['product_id'],
                'name' => $line['product_name'],
                'quantity' => (int) $line['product_quantity'],
                'price' => round((float) $line['unit_price_tax_incl'], 2),
            ];
        }
        $visitor = $_COOKIE['aparte_visitor'] ?? '';
        $known = preg_match('/^[0-9a-f]{32}$/', $visitor);
        $body = json_encode([
            'messageId' => 'ps-order-' . $order->id,
            $known ? 'anonymousId' : 'userId' => $known ? $visitor : 'order-' . $order->id,
            'event' => 'Order Completed',
            'timestamp' => gmdate('c'),
            'properties' => [
                'order_id' => $order->reference,
                'total' => (float) $order->total_paid_tax_incl,
                'currency' => $params['currency']->iso_code,
                'products' => $products,
            ],
        ]);
        $call = curl_init('${t}/v1/track');
        curl_setopt_array($call, [
            CURLOPT_POST => true,
            CURLOPT_POSTFIELDS => $body,
            CURLOPT_HTTPHEADER => ['Content-Type: application/json'],
            CURLOPT_USERPWD => getenv('APARTE_SECRET') . ':',
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_TIMEOUT => 5,
        ]);
        curl_exec($call);
        curl_close($call);
    }
}`}],Tn=({host:t})=>[{name:"layout/theme.liquid",code:`<script>
  window.aparte = window.aparte || [];
  aparte.push(["visitorId", function (id) {
    if (id) fetch("/cart/update.js", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ attributes: { _aparte: id } })
    });
  }]);
<\/script>`},{name:"webhook.mjs",code:`import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const { SHOPIFY_SECRET, APARTE_SECRET, PORT = "8080" } = process.env;

function genuine(raw, signature) {
  const expected = createHmac("sha256", SHOPIFY_SECRET).update(raw).digest();
  const given = Buffer.from(signature ?? "", "base64");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

async function forward(order) {
  const visitor = order.note_attributes.find((one) => one.name === "_aparte")?.value;
  const answer = await fetch("${t}/v1/track", {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Authorization: "Basic " + Buffer.from(APARTE_SECRET + ":").toString("base64"),
    },
    body: JSON.stringify({
      messageId: "shopify-order-" + order.id,
      ...(visitor ? { anonymousId: visitor } : { userId: "order-" + order.id }),
      event: "Order Completed",
      timestamp: order.processed_at,
      properties: {
        order_id: String(order.id),
        total: Number(order.total_price),
        currency: order.currency,
        products: order.line_items.map((line) => ({
          product_id: String(line.product_id),
          name: line.name,
          quantity: line.quantity,
          price: Number(line.price),
        })),
      },
    }),
  });
  return answer.ok;
}

createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  const raw = Buffer.concat(parts);
  if (!genuine(raw, request.headers["x-shopify-hmac-sha256"])) return response.writeHead(401).end();
  const taken = await forward(JSON.parse(raw.toString("utf8"))).catch(() => false);
  response.writeHead(taken ? 200 : 503).end();
}).listen(Number(PORT));`}],In=({host:t})=>[{name:"app/code/Aparte/Orders/registration.php",code:`<?php
\\Magento\\Framework\\Component\\ComponentRegistrar::register(
    \\Magento\\Framework\\Component\\ComponentRegistrar::MODULE, 'Aparte_Orders', __DIR__
);`},{name:"app/code/Aparte/Orders/etc/module.xml",code:`<?xml version="1.0"?>
<config xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
        xsi:noNamespaceSchemaLocation="urn:magento:framework:Module/etc/module.xsd">
    <module name="Aparte_Orders"/>
</config>`},{name:"app/code/Aparte/Orders/etc/events.xml",code:`<?xml version="1.0"?>
<config xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
        xsi:noNamespaceSchemaLocation="urn:magento:framework:Event/etc/events.xsd">
    <event name="checkout_submit_all_after">
        <observer name="aparte_orders" instance="Aparte\\Orders\\Observer\\Send"/>
    </event>
</config>`},{name:"app/code/Aparte/Orders/Observer/Send.php",code:`<?php
namespace Aparte\\Orders\\Observer;

use Magento\\Framework\\Event\\Observer;
use Magento\\Framework\\Event\\ObserverInterface;
use Magento\\Framework\\HTTP\\Client\\Curl;
use Magento\\Framework\\Stdlib\\CookieManagerInterface;

class Send implements ObserverInterface
{
    public function __construct(private Curl $curl, private CookieManagerInterface $cookies) {}

    public function execute(Observer $observer)
    {
        $order = $observer->getEvent()->getOrder();
        if (!$order) return;
        $products = [];
        foreach ($order->getAllVisibleItems() as $item) {
            $products[] = [
                'product_id' => (string) $item->getProductId(),
                'name' => $item->getName(),
                'quantity' => (int) $item->getQtyOrdered(),
                'price' => (float) $item->getPriceInclTax(),
            ];
        }
        $visitor = (string) $this->cookies->getCookie('aparte_visitor');
        $known = preg_match('/^[0-9a-f]{32}$/', $visitor);
        $this->curl->setCredentials(getenv('APARTE_SECRET'), '');
        $this->curl->setTimeout(5);
        $this->curl->addHeader('Content-Type', 'application/json');
        $this->curl->post('${t}/v1/track', json_encode([
            'messageId' => 'magento-order-' . $order->getIncrementId(),
            $known ? 'anonymousId' : 'userId' => $known ? $visitor : 'order-' . $order->getIncrementId(),
            'event' => 'Order Completed',
            'timestamp' => gmdate('c'),
            'properties' => [
                'order_id' => $order->getIncrementId(),
                'total' => (float) $order->getGrandTotal(),
                'currency' => $order->getOrderCurrencyCode(),
                'products' => $products,
            ],
        ]));
    }
}`}],Rn=({host:t,publicKey:n})=>[{name:"GTM 1",code:`<script>
  (function () {
    var tag = document.createElement("script");
    tag.async = true;
    tag.src = "${t}/aparte.js";
    tag.setAttribute("data-key", "${n}");
    document.head.appendChild(tag);
  })();
<\/script>`},{name:"GTM 2",code:`<script>
  (function () {
    var order = {{DLV ecommerce}};
    window.aparte = window.aparte || [];
    window.aparte.push(["track", "Order Completed", {
      order_id: String(order.transaction_id),
      total: Number(order.value),
      currency: order.currency,
      products: (order.items || []).map(function (item) {
        return { product_id: String(item.item_id), name: item.item_name, quantity: Number(item.quantity || 1), price: Number(item.price) };
      })
    }]);
  })();
<\/script>`}],Ln=({host:t})=>[{name:"curl",code:`curl -u "$APARTE_SECRET:" ${t}/v1/track \\
  -H 'Content-Type: application/json' \\
  -d '{
    "messageId": "order-1001",
    "anonymousId": "'"$VISITOR_ID"'",
    "event": "Order Completed",
    "properties": {
      "order_id": "1001", "total": 104.70, "currency": "EUR",
      "products": [{"product_id": "oxford-m", "name": "Oxford, M", "price": 39.90, "quantity": 1}]
    }
  }'`},{name:"Python",code:`import base64, json, os, urllib.request

def order_completed(visitor_id: str, order: dict) -> None:
    key = base64.b64encode(f"{os.environ['APARTE_SECRET']}:".encode()).decode()
    message = {
        "messageId": f"order-{order['order_id']}",
        "anonymousId": visitor_id,
        "event": "Order Completed",
        "properties": order,
    }
    request = urllib.request.Request(
        "${t}/v1/track",
        data=json.dumps(message).encode(),
        headers={"Content-Type": "application/json", "Authorization": f"Basic {key}"},
    )
    with urllib.request.urlopen(request, timeout=5) as answer:
        answer.read()`},{name:"Node",code:`export async function orderCompleted(visitorId, order) {
  const answer = await fetch("${t}/v1/track", {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Authorization: "Basic " + Buffer.from(process.env.APARTE_SECRET + ":").toString("base64"),
    },
    body: JSON.stringify({
      messageId: "order-" + order.order_id,
      anonymousId: visitorId,
      event: "Order Completed",
      properties: order,
    }),
    signal: AbortSignal.timeout(5000),
  });
  if (!answer.ok) throw new Error("Aparté: " + answer.status);
}`},{name:"PHP",code:`<?php
function order_completed(string $visitor_id, array $order): bool
{
    $call = curl_init('${t}/v1/track');
    curl_setopt_array($call, [
        CURLOPT_POST => true,
        CURLOPT_USERPWD => getenv('APARTE_SECRET') . ':',
        CURLOPT_HTTPHEADER => ['Content-Type: application/json'],
        CURLOPT_POSTFIELDS => json_encode([
            'messageId' => 'order-' . $order['order_id'],
            'anonymousId' => $visitor_id,
            'event' => 'Order Completed',
            'properties' => $order,
        ]),
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT => 5,
    ]);
    curl_exec($call);
    return curl_getinfo($call, CURLINFO_RESPONSE_CODE) === 200;
}`}],An={woocommerce:Cn,prestashop:$n,shopify:Tn,magento:In,gtm:Rn,server:Ln},ut=(t,n)=>({id:t,files:An[t](n)});var On=2e3,mt=5*6e4;function Pn(){let[t,n]=v({state:null,failed:!1});return y(()=>{let o,a=!1,r=async()=>{try{let i=await L.install();a||n({state:i,failed:!1})}catch(i){if(!q(i))throw i;if(i instanceof ae&&i.status===401)return location.reload();a||n(s=>({...s,failed:!0}))}a||(o=setTimeout(()=>{r()},On))};return r(),()=>{a=!0,clearTimeout(o)}},[]),t}function gt(){let t=p().install,n=d(s=>s.me?.demo??!1),{state:o,failed:a}=Pn();if(!o)return e("div",{class:"install",children:a?e("p",{class:"problem",children:[e(u,{name:"circle-alert"}),t.failed]}):e(E,{label:t.title,rows:6})});let r=o.last_seen!==null,i=o.orders.claimed+o.orders.confirmed>0;return e("div",{class:"install",children:[e("header",{class:"install-title",children:[e("p",{class:"finding",children:t.title}),e("p",{children:t.lead})]}),e("div",{class:"install-body",children:[e("ol",{class:"stages",children:[e(Ce,{rank:1,done:r,title:t.tag,children:[e("p",{children:t.tagLead}),e(ne,{text:o.snippet}),e("p",{children:t.cspLead}),e(ne,{text:Jn(),small:!0})]}),e(Ce,{rank:2,done:!1,title:t.consent,children:[e("p",{children:t.consentLead}),e(ne,{text:ct,small:!0})]}),e(Ce,{rank:3,done:i,title:t.orders,children:[e("p",{children:t.ordersLead}),e("p",{children:t.secret(o.secret_key_hint)}),e("p",{children:t.join}),e(ne,{text:pt,small:!0}),e(zn,{publicKey:o.public_key})]})]}),e("aside",{class:"install-state","aria-label":t.found,children:[e(Xn,{state:o,failed:a}),n&&e("a",{class:"button",href:"/shop",children:t.demo})]})]})]})}var Jn=()=>`script-src ${location.origin}; connect-src ${location.origin} ${location.origin.replace(/^http/,"ws")}`;function Ce({rank:t,done:n,title:o,children:a}){return e("li",{class:n?"stage done":"stage",children:[e("span",{class:"stage-mark",children:[e("span",{class:"paren left"}),n?e(u,{name:"check"}):e("span",{class:"stage-rank",children:t}),e("span",{class:"paren right"})]}),e("div",{children:[e("h2",{children:o}),a]})]})}var qn=/("[^"\n]*"|'[^'\n]*')/g;function ne({text:t,small:n,label:o}){let a=p().install,[r,i]=v(!1),s=async()=>{await U(t)&&(i(!0),D(a.copied),setTimeout(()=>i(!1),2e3))};return e("figure",{class:n?"code small":"code",children:[o&&e("figcaption",{children:o}),e("pre",{tabIndex:0,children:e("code",{children:t.split(qn).map((l,c)=>c%2?e("span",{class:"string",children:l},c):l)})}),e("button",{type:"button",onClick:()=>{s()},children:[e(u,{name:r?"check":"copy"}),a.copy]})]})}function zn({publicKey:t}){let n=p(),[o,a]=v("woocommerce"),{files:r}=ut(o,{host:location.origin,publicKey:t}),i=s=>{let l=s.key==="ArrowRight"?1:s.key==="ArrowLeft"?-1:0;if(!l)return;let c=V[(V.indexOf(o)+l+V.length)%V.length];a(c),document.getElementById(`recipe-${c}`)?.focus()};return e("div",{class:"recipes",children:[e("div",{class:"tabs",role:"tablist","aria-label":n.install.tabs,onKeyDown:i,children:V.map(s=>e("button",{id:`recipe-${s}`,type:"button",role:"tab","aria-selected":s===o,"aria-controls":"recipe",tabIndex:s===o?0:-1,onClick:()=>a(s),children:n.recipes[s].name},s))}),e("div",{id:"recipe",role:"tabpanel","aria-labelledby":`recipe-${o}`,children:[e("p",{children:n.recipes[o].steps}),r.map(s=>e(ne,{text:s.code,label:s.name,small:!0},o+s.name))]})]})}function Xn({state:t,failed:n}){let o=p().install,a=d(k=>k.language),r=d(k=>k.me?.site.name??""),i=I(),{last_seen:s,counts:l,orders:c}=t,g=s?i-s.at:0,m=g<6e4?`${Math.max(0,Math.floor(g/1e3))} s`:O(g,a),x=(k,f,we)=>e("li",{children:[e(u,{name:k===null?"circle":k?"check":"loader-circle"}),e("span",{children:f}),e("span",{class:"value",children:we})]});return e("div",{class:s?"listening found":"listening",role:"status",children:[e(X,{size:56}),e("p",{class:"listening-line",children:s?o.found:o.listening(r)}),e("ul",{class:"checks",children:[x(s!==null,o.first,s?S(l.received,a):o.waiting),s&&x(g<mt,o.last,g<mt?o.ago(m):o.silent(m)),x(c.confirmed>0?!0:null,o.firstOrder,c.confirmed>0?o.confirmed:c.claimed>0?o.claimedOnly:o.next)]}),s&&e("dl",{class:"figures",children:[e("div",{children:[e("dt",{children:o.sent}),e("dd",{children:s.event})]}),s.url&&e("div",{children:[e("dt",{children:o.where}),e("dd",{class:"url",children:s.url})]}),s.tag&&e("div",{children:[e("dt",{children:o.version}),e("dd",{children:s.tag})]})]}),e("dl",{class:"figures",children:[e("div",{children:[e("dt",{children:o.accepted}),e("dd",{children:S(l.accepted,a)})]}),e("div",{children:[e("dt",{children:o.duplicates}),e("dd",{children:S(l.duplicate,a)})]}),e("div",{children:[e("dt",{children:o.quarantined}),e("dd",{children:S(l.quarantined,a)})]}),e("div",{children:[e("dt",{children:o.refused}),e("dd",{children:S(l.refused,a)})]})]}),e("h3",{children:o.ordersTitle}),e("dl",{class:"figures",children:[e("div",{children:[e("dt",{children:o.claimed}),e("dd",{children:S(c.claimed,a)})]}),e("div",{children:[e("dt",{children:o.confirmed}),e("dd",{children:S(c.confirmed,a)})]})]}),e("dl",{class:"figures",children:e("div",{children:[e("dt",{children:o.origins}),e("dd",{class:"url",children:t.origins.join(", ")||o.any})]})}),n&&e("p",{class:"tag honey",children:[e(u,{name:"triangle-alert"}),o.failed]})]})}function ft(t){let n=null;return function(){let a=p(),[r,i]=v(n?"here":"waiting");if(y(()=>{n||t().then(l=>{n=l,i("here")},()=>i("failed"))},[]),r==="failed")return e("div",{class:"empty",children:[e("p",{class:"problem",role:"alert",children:[e(u,{name:"circle-alert"}),a.campaigns.failed]}),e("button",{type:"button",onClick:()=>location.reload(),children:a.campaigns.reload})]});let s=n;return s?e(s,{}):e(E,{label:a.boot.loading,rows:6})}}var xt=t=>t.normalize("NFD").replace(new RegExp("\\p{M}","gu"),"").toLowerCase();function Nn(t){let{mine:n,queue:o,live:a,me:r,language:i,theme:s}=w(),l=[["messages-square",t.list.take,()=>{z()}],["check",t.thread.close,()=>{H()}],["corner-down-left",t.composer.reply,()=>ee("text")],["sticky-note",t.composer.note,()=>ee("note")],["radar",t.nav.visitors,()=>C("visitors")],["messages-square",t.nav.exchanges,()=>C("exchanges")],["megaphone",t.nav.campaigns,()=>C("campaigns")],["plug",t.nav.install,()=>C("install")],["circle",r?.status==="available"?t.head.away:t.head.available,()=>{ce(r?.status==="available"?"away":"available")}],["languages",i==="fr"?"English":"Français",()=>K(i==="fr"?"en":"fr")],[s==="dark"?"sun":"moon",`${t.head.theme} : ${(s==="dark"?t.head.themeLight:t.head.themeDark).toLowerCase()}`,()=>ue(s==="dark"?"light":"dark")],["circle-help",t.nav.help,()=>h({help:!0})]];return[...n.map(c=>({group:"conversations",icon:"message-square",text:t.list.visitor(c.label),detail:c.last?.body??"",run:()=>de(c.id)})),...o.map(c=>({group:"conversations",icon:"clock",text:t.list.takeThis(t.list.visitor(c.label)),detail:c.last?.body??"",run:()=>{z(c.id)}})),...l.map(([c,g,m])=>({group:"commands",icon:c,text:g,detail:"",run:m})),...a.rows.map(c=>({group:"visitors",icon:"user",text:t.list.visitor(c.label),detail:`${c.page?.path??""} ${_(t.channels,c.channel??"","")}`,run:()=>C("visitors",c.visitor)}))]}function ht(){let t=p(),[n,o]=v(""),[a,r]=v(0),i=xt(n).split(/\s+/).filter(Boolean),s=Nn(t).filter(m=>i.every(x=>xt(`${m.text} ${m.detail}`).includes(x))).slice(0,12),l=()=>h({palette:!1}),c=m=>{m&&(l(),m.run())},g=m=>{m.key==="ArrowDown"||m.key==="ArrowUp"?(m.preventDefault(),r((a+(m.key==="ArrowDown"?1:s.length-1))%Math.max(1,s.length))):m.key==="Enter"&&(m.preventDefault(),c(s[a]))};return e(j,{label:t.palette.title,onClose:l,children:[e("div",{class:"palette-field",children:[e(u,{name:"search",size:18}),e("input",{autofocus:!0,role:"combobox","aria-expanded":"true","aria-controls":"found","aria-activedescendant":s[a]?`found-${a}`:void 0,"aria-label":t.palette.title,placeholder:t.palette.placeholder,value:n,onInput:m=>{o(m.currentTarget.value),r(0)},onKeyDown:g})]}),e("div",{id:"found",class:"palette-list",role:"listbox","aria-label":t.palette.title,children:s.map((m,x)=>e("div",{id:`found-${x}`,role:"option","aria-selected":x===a,class:"palette-row",onClick:()=>c(m),onPointerMove:()=>r(x),children:[e(u,{name:m.icon}),e("span",{children:m.text}),e("small",{children:m.detail||t.palette[m.group]})]},`${m.group}${m.text}${x}`))}),s.length===0&&e("p",{class:"palette-none",children:t.palette.none})]})}var Mn=[["exchanges","messages-square"],["visitors","radar"],["campaigns","megaphone"]];function vt(){let t=p(),n=d(r=>r.screen),o=d(r=>r.mine.filter(i=>i.unread>0).length),a=(r,i)=>e("a",{href:`#/${r}`,class:"rail-item","aria-current":n===r?"page":void 0,onClick:s=>{s.preventDefault(),C(r)},children:[e("span",{class:"rail-icon",children:[e(u,{name:i,size:20}),r==="exchanges"&&o>0&&e("span",{class:"badge",children:[e("span",{"aria-hidden":"true",children:o}),e("span",{class:"hidden",children:t.list.unread(o)})]})]}),e("span",{children:t.nav[r]})]},r);return e("nav",{class:"rail","aria-label":t.nav.label,children:[e("span",{class:"rail-mark",children:e(X,{size:28})}),Mn.map(([r,i])=>a(r,i)),e("a",{href:"/reports",class:"rail-item",children:[e("span",{class:"rail-icon",children:e(u,{name:"chart-no-axes-combined",size:20})}),e("span",{children:t.nav.results})]}),a("install","plug"),e("span",{class:"rail-gap"}),e("button",{type:"button",class:"rail-item",onClick:()=>h({help:!0}),children:[e("span",{class:"rail-icon",children:e(u,{name:"circle-help",size:20})}),e("span",{children:t.nav.help})]})]})}function bt({title:t,lead:n,children:o}){let r=d(i=>i.language)==="fr"?"en":"fr";return e("div",{class:"door-page",children:[e("header",{children:[e("span",{class:"wordmark",children:[e(X,{size:32}),"Aparté"]}),e("button",{type:"button",class:"quiet",lang:r,onClick:()=>K(r),children:r==="fr"?"Français":"English"})]}),e("main",{class:"door",children:[e("h1",{children:t}),e("p",{class:"door-lead",children:n}),o]})]})}function wt(t){let n=p(),[o,a]=v(!1),[r,i]=v(null);return{busy:o,problem:r,knock:async l=>{a(!0),i(null);try{ze(await l())}catch(c){if(!q(c))throw c;i(c instanceof ae?t(c):n.signIn.failed),a(!1)}}}}var oe=(t,n)=>t.elements.namedItem(n).value;function yt({text:t}){return e("div",{class:"problem-place",role:"alert",children:t&&e("p",{class:"problem",children:[e(u,{name:"circle-alert"}),t]})})}function kt(){let t=p(),n=d(l=>l.demo),o=d(l=>l.expired),{busy:a,problem:r,knock:i}=wt(l=>l.status===429?t.signIn.many:l.status===401?t.signIn.wrong:t.signIn.failed),s=l=>{l.preventDefault();let c=l.currentTarget;i(()=>L.signIn(oe(c,"email"),oe(c,"password")))};return e(bt,{title:t.signIn.title,lead:t.signIn.lead,children:[o&&e("p",{class:"tag honey door-expired",children:[e(u,{name:"triangle-alert"}),t.signIn.expired]}),n&&e("div",{class:"door-demo",children:[e(W,{children:e("p",{children:t.signIn.demoLead})}),e("button",{type:"button",class:"primary wide",disabled:a,onClick:()=>{i(()=>L.enterDemo())},children:t.signIn.demo}),e("p",{class:"door-or",children:t.signIn.or})]}),e("form",{onSubmit:s,children:[e("label",{children:[e("span",{children:t.signIn.email}),e("input",{name:"email",type:"email",autocomplete:"username",required:!0})]}),e("label",{children:[e("span",{children:t.signIn.password}),e("input",{name:"password",type:"password",autocomplete:"current-password",required:!0})]}),e(yt,{text:r}),e("button",{type:"submit",class:n?"wide":"primary wide",disabled:a,children:t.signIn.submit})]})]})}function St(){let t=p(),{busy:n,problem:o,knock:a}=wt(i=>i.status===404?t.setup.done:i.status>=500?t.signIn.failed:t.setup.refused),r=i=>{i.preventDefault();let s=i.currentTarget,l=new URLSearchParams(location.hash.slice(1)).get("setup")??"";a(()=>L.setUp(l,oe(s,"email"),oe(s,"name"),oe(s,"password")))};return e(bt,{title:t.setup.title,lead:t.setup.lead,children:e("form",{onSubmit:r,children:[e("label",{children:[e("span",{children:t.setup.name}),e("input",{name:"name",autocomplete:"given-name",required:!0,maxLength:80})]}),e("label",{children:[e("span",{children:t.signIn.email}),e("input",{name:"email",type:"email",autocomplete:"username",required:!0})]}),e("label",{children:[e("span",{children:t.setup.password}),e("input",{name:"password",type:"password",autocomplete:"new-password",minLength:12,required:!0})]}),e(yt,{text:o}),e("button",{type:"submit",class:"primary wide",disabled:n,children:t.setup.submit}),o===t.setup.done&&e("button",{type:"button",class:"quiet wide",onClick:()=>h({phase:"signed-out"}),children:t.signIn.submit})]})})}function Et({conv:t}){let n=p(),[o,a]=v(null),r=()=>h({transcript:null});return y(()=>{L.entries(t,null).then(i=>a(i.entries),i=>{if(!q(i))throw i;a("failed")})},[t]),e(j,{label:n.context.transcript,onClose:r,wide:!0,children:[e("div",{class:"dialog-head",children:[e("h2",{children:n.context.transcript}),e("button",{type:"button",onClick:r,autofocus:!0,children:[e(u,{name:"x"}),n.help.dismiss]})]}),o===null&&e(E,{label:n.context.loading}),o==="failed"&&e("p",{class:"problem",children:[e(u,{name:"circle-alert"}),n.thread.olderFailed]}),Array.isArray(o)&&e("div",{class:"transcript",tabIndex:0,role:"region","aria-label":n.context.transcript,children:o.map(i=>e(be,{entry:i,foot:null},i.seq))})]})}function _t(){let t=p(),n=d(o=>o.visitor);return e("div",{class:`visitors-page ${n?"with-journey":""}`,children:[e(ve,{onOpen:o=>C("visitors",o),chosen:n}),n&&e(Dn,{visitor:n,label:t.context.label},n)]})}function Dn({visitor:t,label:n}){let o=p(),a=d(s=>s.live.rows.find(l=>l.visitor===t)?.label??s.journeys[t]?.data?.label??""),r=$(null),i=()=>{document.querySelector(".live tr.chosen .row-open")?.focus(),C("visitors")};return y(()=>r.current?.focus(),[]),e("aside",{class:"journey-panel","aria-label":n,ref:r,tabIndex:-1,onKeyDown:s=>s.key==="Escape"&&i(),children:[e("header",{children:[e("h2",{children:o.list.visitor(a)}),e("button",{type:"button",class:"quiet","aria-label":o.live.close,onClick:i,children:e(u,{name:"x"})})]}),e(xe,{visitor:t})]})}var Fn=ft(async()=>(await import("./console-campaigns-XKJ6ZQ3L.js")).Campaigns);function Ct(){let t=d(n=>n.phase);return t==="ready"?e(Wn,{}):t==="signed-out"?e(kt,{}):t==="setup"?e(St,{}):t==="boot"?e(Hn,{}):e(Kn,{})}function Hn(){let t=p();return e("main",{class:"door",children:e(E,{label:t.boot.loading,rows:3})})}function Kn(){let t=p();return e("main",{class:"door",children:[e(X,{size:40}),e("h1",{children:t.boot.unreachable}),e("p",{children:t.boot.safe}),e("button",{type:"button",class:"primary",onClick:()=>{le()},children:t.boot.retry})]})}function Wn(){let t=p(),n=d(i=>i.screen),o=d(i=>i.palette),a=d(i=>i.help),r=d(i=>i.transcript);return e("div",{class:"console",children:[e("a",{class:"skip",href:"#main",onClick:i=>{i.preventDefault(),document.getElementById("main")?.focus()},children:t.skip}),e(vt,{}),e(st,{}),e("main",{id:"main",tabIndex:-1,class:`screen ${n}`,children:[n==="exchanges"&&e(it,{}),n==="visitors"&&e(_t,{}),n==="campaigns"&&e(Fn,{}),n==="install"&&e(gt,{})]}),e(Un,{}),o&&e(ht,{}),a&&e(dt,{onClose:()=>h({help:!1})}),r!==null&&e(Et,{conv:r})]})}function Un(){let t=d(n=>n.toasts);return e("div",{class:"toasts",role:"status","aria-live":"polite",children:t.map(n=>e("p",{class:n.alert?"toast alert":"toast",children:n.text},n.id))})}function $t(){let{theme:t,language:n}=w(),o=document.documentElement;t==="system"?o.removeAttribute("data-theme"):o.dataset.theme=t,o.lang=n}$t();re($t);Ge();Ue();addEventListener("hashchange",ke);addEventListener("popstate",ke);$e(e(Ct,{}),document.getElementById("app"));le();

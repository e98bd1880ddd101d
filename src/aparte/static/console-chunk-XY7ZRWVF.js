var e=n=>n.replaceAll("~"," ");function a(n){return typeof n=="string"?e(n):typeof n=="function"?((...t)=>e(n(...t))):Object.fromEntries(Object.entries(n).map(([t,s])=>[t,a(s)]))}export{a};

import{a as b}from"./console-chunk-RNOG56X3.js";import{a}from"./console-chunk-XY7ZRWVF.js";export{b as fr,a as spaced};

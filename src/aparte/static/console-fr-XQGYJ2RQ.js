import{a as b}from"./console-chunk-GK2U6HNT.js";import{a}from"./console-chunk-XY7ZRWVF.js";export{b as fr,a as spaced};

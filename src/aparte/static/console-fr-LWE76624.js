import{a as b}from"./console-chunk-6HF6MVDS.js";import{a}from"./console-chunk-XY7ZRWVF.js";export{b as fr,a as spaced};

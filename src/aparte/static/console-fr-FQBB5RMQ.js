import{a as b}from"./console-chunk-X2STPVW7.js";import{a}from"./console-chunk-XY7ZRWVF.js";export{b as fr,a as spaced};

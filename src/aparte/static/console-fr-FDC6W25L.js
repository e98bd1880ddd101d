import{a as b}from"./console-chunk-S6XG3Q2N.js";import{a}from"./console-chunk-XY7ZRWVF.js";export{b as fr,a as spaced};

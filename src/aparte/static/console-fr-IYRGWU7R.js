import{a as b}from"./console-chunk-SNYX7DIZ.js";import{a}from"./console-chunk-XY7ZRWVF.js";export{b as fr,a as spaced};

import{f as t}from"./console-chunk-PWX5A6PS.js";function e(){return t("p",{class:"quiet-text",children:"…"})}export{e as Discovery};

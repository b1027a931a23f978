// Makes index.html: inlines the modules, the style and the policy of what may run. `node build.mjs` writes it,
// `node build.mjs --check` says whether the file is current.
import { readFileSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url)), read = (name) => readFileSync(join(here, name), "utf8");
const MODULES = ["verify/bytes.mjs", "verify/forms.mjs", "verify/trees.mjs", "verify/lot.mjs", "verify/sources.mjs", "verify/divisions.mjs", "verify/dispatch.mjs", "verify/policy.mjs",
  "verify/documents.mjs", "verify/rows.mjs", "verify/teams.mjs", "verify/record.mjs", "verify/receipts.mjs", "verify/signatures.mjs",
  "verify/entries.mjs", "verify/closed.mjs", "verify/fold.mjs", "verify/ledger.mjs", "figurescheck.mjs", "brought.mjs", "worker.mjs"];
const SHOWN = ["words.mjs", "ui.mjs", "state.mjs", "reasons.mjs", "checkwords.mjs", "slots.mjs", "fates.mjs", "files.mjs", "notice.mjs", "draw.mjs", "ledgerpage.mjs", "verdicts.mjs", "timeline.mjs", "drawn.mjs",
  "standing.mjs", "ask.mjs", "pictures.mjs", "figures.mjs", "short.mjs", "guide.mjs", "drawpage.mjs", "page.mjs"];
// Every module is a function of its own, so names of one do not meet those of another.
const exported = (code) => [...code.matchAll(/^export (?:const|class|(?:async )?function\*?) (\w+)/gm)].map((m) => m[1]);
const wrapped = (name) => {
  const code = read(name), names = exported(code), key = (path) => JSON.stringify(join(dirname(name), path));
  const body = code.replace(/^import (\{[^}]*\})\s*from "([^"]*)";$/gm,
    (_, what, from) => {
      const there = exported(read(join(dirname(name), from))), path = join(dirname(name), from), order = [...MODULES, ...SHOWN];
      if (!order.slice(0, order.indexOf(name)).includes(path)) throw new Error(`${name}: ${path} is not among the modules before it`);
      for (const word of what.match(/(?<=[{,]\s*)\w+/g)) if (!there.includes(word)) throw new Error(`${name}: ${from} has no ${word}`);
      return `const ${what.replace(/\s+/g, " ").replace(/ as /g, ": ")} = modules[${key(from)}];`;
    }).replace(/^export /gm, "");
  if (/^import /m.test(body)) throw new Error(`${name}: an import that the build does not know`);
  return `modules[${JSON.stringify(name)}] = (() => {\n${body}\nreturn { ${names.join(", ")} };\n})();`;
};
// One script: in the page it shows, in a Worker (made of its own text) it verifies.
// What goes wrong in it is said on the page, whatever else stands there.
const TELL = `if (typeof document !== "undefined") {
  const tell = (e) => {
    const said = document.createElement("section"), main = document.getElementById("main");
    said.className = "verdict refuted";
    said.setAttribute("role", "alert");
    said.textContent = "本页程序出错，以下内容可能不全；抽查公告见文件夹中的 notice-*.docx 和 notice-*.xlsx。 This page's program has failed, and what follows may be incomplete; the notice stands in notice-*.docx and notice-*.xlsx of the folder. — " + (e.message ?? e.reason?.message ?? "");
    main.prepend(said);
  };
  addEventListener("error", tell);
  addEventListener("unhandledrejection", tell);
}`;
const script = `"use strict";\n${TELL}\nconst modules = {};\n${MODULES.map(wrapped).join("\n")}
if (typeof document === "undefined") modules["worker.mjs"].serve(); else {\n${SHOWN.map(wrapped).join("\n")}\n}\n`;
const style = read("page.css");
const sha = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const policy = `default-src 'none'; script-src ${sha(script)}; style-src ${sha(style)}; worker-src blob:; connect-src 'self'; base-uri 'none'; form-action 'none'`;
export const page = `<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>双随机抽查公示</title>
<style>${style}</style>
</head>
<body>
<a class="skip" id="skip" href="#main">跳到正文</a>
<header><h1 id="title">双随机抽查公示</h1><div id="controls"></div></header>
<main id="main" tabindex="-1"><p id="not-started">如果一直看到这句话，说明浏览器没有运行本页的程序（JavaScript）：请换用较新的浏览器，或直接阅读文件夹中的抽查公告 notice-*.docx、notice-*.xlsx。</p>
<p lang="en">If this sentence stays, your browser does not run the program of this page (JavaScript): take a newer browser, or read the notice in notice-*.docx or notice-*.xlsx of the folder.</p></main>
<script type="application/json" id="documents">{}</script>
<script id="program">${script}</script>
</body>
</html>
`;
/** The page with documents inside: `files` maps paths to texts, or to `{base64}`. */
export const withDocuments = (files) => page.replace('id="documents">{}<', () => `id="documents">${JSON.stringify(files).replace(/</g, "\\u003c")}<`);
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes("--check")) {
    if (read("index.html") !== page) { console.error("index.html is not current: run node examples/office/page/build.mjs"); process.exit(1); }
    console.log("index.html is current");
  } else writeFileSync(join(here, "index.html"), page);
}

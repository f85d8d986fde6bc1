// Builds the scripts into the package that serves them; with --check, sees whether they are there as built.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { build } from "esbuild";
import { minify } from "terser";

const served = new URL("../layers/circulation/circulation/widget/", import.meta.url);

const bundle = async (name, define = {}) => {
  const { outputFiles } = await build({
    entryPoints: [`src/${name}.ts`],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    define,
    target: "es2021",
  });
  // esbuild makes one module of the sources; terser's names for what is in it compress better.
  const { code } = await minify(outputFiles[0].text, {
    ecma: 2020,
    module: true,
    compress: { booleans_as_integers: true },
  });
  // A module's scope is not the script's: strict mode would only cost bytes.
  const text = code.replace('"use strict";', "").replace(/;$/, "");
  return { name, text, hash: createHash("sha256").update(text).digest("hex").slice(0, 6) };
};

const lists = await bundle("lists");
const navigation = await bundle("navigation");
const widget = await bundle("widget", {
  LISTS: JSON.stringify(`/widget/${lists.hash}.js`),
  NAVIGATION: JSON.stringify(`/widget/${navigation.hash}.js`),
});
const builds = [widget, lists, navigation];
const names = JSON.stringify(Object.fromEntries(builds.map(({ name, hash }) => [name, hash]))) + "\n";

if (process.argv.includes("--check")) {
  const missing = builds.filter(({ text, hash }) => {
    try {
      const body = readFileSync(new URL(`builds/${hash}.js`, served), "utf8");
      const compressed = readFileSync(new URL(`builds/${hash}.js.br`, served));
      return body != text || brotliDecompressSync(compressed).toString() != text;
    } catch {
      return true;
    }
  });
  if (missing.length || readFileSync(new URL("builds.json", served), "utf8") != names) {
    console.error("The builds are not what the sources make: run make widget.");
    process.exit(1);
  }
} else {
  mkdirSync(new URL("builds/", served), { recursive: true });
  for (const { text, hash } of builds) {
    const params = { [constants.BROTLI_PARAM_SIZE_HINT]: text.length };
    writeFileSync(new URL(`builds/${hash}.js`, served), text);
    writeFileSync(new URL(`builds/${hash}.js.br`, served), brotliCompressSync(text, { params }));
  }
  writeFileSync(new URL("builds.json", served), names);
}

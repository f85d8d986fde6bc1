// Builds the applications, and what renders them on a server, into the folder that it is told.
import { build } from "esbuild";

const [outdir] = process.argv.slice(2);
const common = {
  outdir,
  bundle: true,
  jsx: "automatic",
  define: {
    "process.env.NODE_ENV": '"production"',
    __VUE_OPTIONS_API__: "true",
    __VUE_PROD_DEVTOOLS__: "false",
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "true",
  },
};
await build({
  ...common,
  entryPoints: ["turbo.js", "htmx2.js", "htmx4.js", "swup.js", "react.jsx", "vue.js"].map((name) => "src/" + name),
  alias: { vue: "vue/dist/vue.esm-bundler.js" }, // with the compiler of templates, as node's has it
  minify: true,
});
await build({ ...common, entryPoints: ["src/server.jsx"], platform: "node" });

// Renders the pages of an application as a server does: the site comes in as JSON, each page's HTML goes out.
import { readFileSync } from "node:fs";
import { renderToString as renderReact } from "react-dom/server";
import { createStaticHandler, createStaticRouter, StaticRouterProvider } from "react-router";
import { renderToString as renderVue } from "vue/server-renderer";
import { routes } from "./react.jsx";
import { make } from "./vue.js";

globalThis.site = JSON.parse(readFileSync(0, "utf8"));

const renderers = {
  react: async (path) => {
    const { query, dataRoutes } = createStaticHandler(routes);
    const context = await query(new Request(new URL(path, "https://news.example")));
    return renderReact(<StaticRouterProvider router={createStaticRouter(dataRoutes, context)} context={context} />);
  },
  vue: async (path) => {
    const { app, router } = make(true);
    await router.push(path);
    return renderVue(app);
  },
};

const pages = Object.keys(site.pages).map(async (path) => [path, await renderers[site.library](path)]);
Promise.all(pages).then((pages) => console.log(JSON.stringify(Object.fromEntries(pages))));

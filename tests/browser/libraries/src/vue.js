import { createApp, createSSRApp } from "vue";
import { createMemoryHistory, createRouter, createWebHistory } from "vue-router";
import { inBrowser, load } from "./content.js";

const Page = {
  props: ["heading"],
  get template() {
    return `<main><h1>{{ heading }}</h1><p>Views: ${site.number}</p></main>`;
  },
};

// All pages in the same elements, or, where there is a transition, in new ones.
const Layout = {
  data: () => site,
  mounted: () => void (globalThis.started = true),
  template: `
    <nav><RouterLink v-for="(heading, path) in pages" :key="path" :to="path">{{ heading }}</RouterLink></nav>
    <RouterView v-slot="{ Component, route }">
      <Transition :css="!!transition" :mode="transition">
        <component :is="Component" :key="transition && route.path" :heading="route.meta.heading" />
      </Transition>
    </RouterView>`,
};

/** Make the application, to take over what a server has rendered or to put into an empty element. */
export const make = (rendered) => {
  const router = createRouter({
    history: inBrowser ? createWebHistory() : createMemoryHistory(),
    routes: [{ path: "/:path(.*)", component: Page }],
  });
  router.beforeResolve(async (to) => {
    to.meta.heading = await load(to.path);
  });
  const app = (rendered ? createSSRApp : createApp)(Layout);
  app.config.compilerOptions.isCustomElement = (name) => name == "view-count";
  return { app: app.use(router), router };
};

if (inBrowser) {
  const element = document.getElementById("app");
  const { app, router } = make(element.firstChild);
  router.isReady().then(() => app.mount(element));
}

import { useEffect } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";
import { createBrowserRouter, Link, Outlet, useLoaderData } from "react-router";
import { RouterProvider } from "react-router/dom";
import { inBrowser, load } from "./content.js";

const Layout = () => {
  useEffect(() => void (globalThis.started = true), []);
  return (
    <>
      <nav>
        {Object.entries(site.pages).map(([path, heading]) => (
          <Link key={path} to={path}>{heading}</Link>
        ))}
      </nav>
      <Outlet />
    </>
  );
};

// All pages in the same elements, of which React changes the texts that differ.
const Page = () => (
  <main>
    <h1>{useLoaderData()}</h1>
    <p>
      Views: <view-count suppressHydrationWarning>…</view-count>
    </p>
  </main>
);

const loader = ({ request }) => load(new URL(request.url).pathname);

export const routes = [
  { Component: Layout, HydrateFallback: () => null, children: [{ path: "*", Component: Page, loader }] },
];

if (inBrowser) {
  const hydrationData = globalThis.__staticRouterHydrationData;
  const element = document.getElementById("app");
  const app = <RouterProvider router={createBrowserRouter(routes, { hydrationData })} />;
  if (hydrationData) hydrateRoot(element, app);
  else createRoot(element).render(app);
}

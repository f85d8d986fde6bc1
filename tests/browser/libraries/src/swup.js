import SwupHeadPlugin from "@swup/head-plugin";
import SwupParallelPlugin from "@swup/parallel-plugin";
import SwupProgressPlugin from "@swup/progress-plugin";
import Swup from "swup";

const plugins = { head: SwupHeadPlugin, parallel: SwupParallelPlugin, progress: SwupProgressPlugin };
new Swup({ plugins: site.plugins.map((name) => new plugins[name]()) });

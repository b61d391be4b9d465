import { copyFileSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { landFile } from "./tools/land.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The coast as a file beside the page, the font's licence with it. */
function mapData(): Plugin {
  return {
    name: "map-data",
    configureServer(server) {
      server.middlewares.use("/land.bin", (_request, response) => response.end(landFile()));
    },
    generateBundle() {
      this.emitFile({ type: "asset", fileName: "land.bin", source: landFile() });
    },
    writeBundle(options) {
      const page = options.dir ?? here("../src/samruk/station/page");
      mkdirSync(page, { recursive: true });
      copyFileSync(here("./node_modules/@fontsource/ibm-plex-sans-condensed/LICENSE"), `${page}/IBM-Plex-OFL.txt`);
    },
  };
}

export default defineConfig({
  base: "./",
  publicDir: false,
  plugins: [mapData()],
  build: { outDir: here("../src/samruk/station/page"), emptyOutDir: true, assetsInlineLimit: 0, target: "es2022" },
  test: { include: ["test/**/*.test.ts"], environment: "node", maxWorkers: 2 },
} as Parameters<typeof defineConfig>[0]);

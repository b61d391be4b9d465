/** Map and plan in a real browser, against the scene: hands, keys, touch, and what the aircraft answers. */
import type { Browser, Page } from "playwright-core";
import { createServer, type ViteDevServer } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { crossings } from "../fake/checks.mjs";
import { browser } from "../fake/shoot.mjs";

const chrome: Browser | null = await browser();
const mark = (name: string) => `[data-testid=${name}]`;

describe.skipIf(!chrome)("map and plan (need Chromium at /usr/bin/chromium or $CHROMIUM)", () => {
  let server: ViteDevServer;
  let address = "";

  beforeAll(async () => {
    server = await createServer({ root: new URL("..", import.meta.url).pathname, logLevel: "silent", server: { host: "127.0.0.1", port: 0, hmr: false } });
    await server.listen();
    address = `${server.resolvedUrls?.local[0] ?? ""}?scene`;
  }, 30000);

  afterAll(async () => {
    await chrome?.close();
    await server.close();
  });

  async function on(act: (page: Page) => Promise<void>, scene = ""): Promise<void> {
    const context = await (chrome as Browser).newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(String(error)));
    await page.goto(address + scene);
    await page.waitForSelector(mark("map-lost-link"), { state: "attached" });
    await page.waitForTimeout(1200);
    await act(page);
    expect(faults).toEqual([]);
    await context.close();
  }

  const camera = (page: Page) => page.evaluate(() => {
    const { x, y, zoom } = (document.querySelector("sr-map") as unknown as { camera: { x: number; y: number; zoom: number } }).camera;
    return { x, y, zoom };
  });
  const state = (page: Page) => page.locator(mark("editor-state")).innerText();
  const middle = async (page: Page, name: string) => {
    const box = (await page.locator(mark(name)).boundingBox()) as { x: number; y: number; width: number; height: number };
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  };
  const drag = async (page: Page, name: string, dx: number, dy: number) => {
    const from = await middle(page, name);
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(from.x + dx, from.y + dy, { steps: 6 });
    await page.mouse.up();
  };

  it("moves by wheel, mouse and keys; shows all again", () =>
    on(async (page) => {
      const first = await camera(page);
      await page.mouse.move(600, 400);
      await page.mouse.wheel(0, -400);
      const near = await camera(page);
      expect(near.zoom).toBeCloseTo(first.zoom + 1, 3);
      await page.mouse.down();
      await page.mouse.move(640, 400, { steps: 4 });
      await page.mouse.up();
      expect((await camera(page)).x).toBeLessThan(near.x);
      await page.keyboard.press("m");
      await page.keyboard.press("-");
      expect((await camera(page)).zoom).toBeCloseTo(first.zoom + 0.5, 3);
      const before = await camera(page);
      await page.keyboard.press("ArrowDown");
      expect((await camera(page)).y).toBeGreaterThan(before.y);
      await page.keyboard.press("0");
      expect((await camera(page)).zoom).toBeCloseTo(first.zoom, 2);
    }), 30000);

  it("commands at a place of the map, by hand and by keys, and does not choose with the key that opened the menu", () =>
    on(async (page) => {
      const told = (words: string) => page.waitForSelector(`[data-testid=command-state] .told >> text=${words}`);
      await page.mouse.click(640, 400, { button: "right" });
      await page.waitForTimeout(800);
      await page.click(mark("map-go-here"));
      await told("Go there");
      await page.focus("sr-map svg.over");
      await page.keyboard.down("Enter");
      await page.keyboard.down("Enter"); // repeats
      await page.keyboard.up("Enter");
      expect(await page.evaluate(() => (document.activeElement as HTMLElement).dataset["testid"])).toBe("map-go-here");
      for (let i = 0; i < 2; i++) await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await told("Figure eight");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Escape");
      expect(await page.locator(mark("map-go-here")).count()).toBe(0);
    }), 30000);

  it("keeps the menu open while the way ahead is told anew", () =>
    on(async (page) => {
      await page.mouse.click(640, 400, { button: "right" });
      await page.addScriptTag({ type: "module", content: `import { store } from "/src/store.ts";
        store.take({ t: "profile", sysid: 1, points: [], lost_link: [], marks: [], ceiling: null, freezing: null });` });
      await page.waitForTimeout(1500); // the map is fitted once a second
      expect(await page.locator(mark("map-go-here")).count()).toBe(1);
    }), 30000);

  it("measures", () =>
    on(async (page) => {
      await page.click(mark("map-measure"));
      await page.mouse.move(500, 300);
      await page.mouse.down();
      await page.mouse.move(700, 300, { steps: 3 });
      await page.mouse.up();
      // due east along a parallel: the great circle leaves it a little to the north
      expect(await page.locator(mark("map-span")).textContent()).toMatch(/^\d+ nm, 08\d°$|^\d+ nm, 090°$/);
    }), 30000);

  it("plans by hand: drag, see the refusal, undo, upload, hear that it is done", () =>
    on(async (page) => {
      await page.keyboard.press("e");
      await page.click(mark("editor-item-5"));
      await drag(page, "draft-5", 40, 30);
      await page.waitForSelector(`${mark("editor-upload")}:enabled`);
      await drag(page, "profile-handle-4", 0, 140);
      await page.waitForSelector(mark("editor-problems"));
      expect(await page.locator(mark("editor-upload")).isDisabled()).toBe(true);
      expect(await state(page)).toContain("would refuse");
      await page.click(mark("editor-undo"));
      await page.waitForSelector(`${mark("editor-upload")}:enabled`);
      await page.click(mark("editor-upload"));
      await page.waitForFunction((at) => document.querySelector(at)?.textContent?.includes("Done"), mark("editor-state"));
    }), 30000);

  it("plans by keys alone: choose, reorder, add, delete, height, undo", () =>
    on(async (page) => {
      const heights = () => page.locator(".editor .items .h").allInnerTexts();
      await page.keyboard.press("e");
      await page.waitForSelector(mark("editor-list"));
      const first = await heights();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Alt+ArrowDown");
      expect((await heights()).slice(0, 2)).toEqual([first[1], first[0]]);
      await page.keyboard.press("Enter");
      expect((await heights()).length).toBe(first.length + 1);
      await page.keyboard.press("Delete");
      expect((await heights()).length).toBe(first.length);
      for (let i = 0; i < 3; i++) await page.keyboard.press("Control+z");
      expect(await heights()).toEqual(first);
      await page.locator(mark("editor-height")).fill("9000");
      await page.keyboard.press("Tab");
      expect((await heights()).filter((one) => one.replace(/\s/g, "") === "9000").length).toBe(1);
      await page.keyboard.press("Escape");
      expect(await page.locator(mark("editor")).count()).toBe(0);
    }), 30000);

  it("adds a landing with the slope that was asked for, and an area to keep out of", () =>
    on(async (page) => {
      await page.click(mark("map-edit"));
      await page.click(mark("editor-landing"));
      await page.locator(mark("landing-slope")).fill("4");
      await page.keyboard.press("Tab");
      await page.click(mark("landing-add"));
      await page.keyboard.press("End");
      expect(await page.locator(mark("editor-slope")).innerText()).toContain("4.0°");
      await page.click(mark("editor-tab-fence"));
      const before = await page.locator(".editor .items li").count();
      await page.click(mark("editor-add-polygon_out"));
      expect(await page.locator(".editor .items li").count()).toBe(before + 4);
    }), 30000);

  it("lets only the holder upload", () =>
    on(async (page) => {
      await page.keyboard.press("2");
      await page.click(mark("map-edit"));
      await page.click(mark("editor-item-0"));
      await page.locator(mark("editor-height")).fill("4000");
      await page.keyboard.press("Tab");
      await page.waitForTimeout(1200);
      expect(await page.locator(mark("editor-upload")).isDisabled()).toBe(true);
      expect(await state(page)).toContain("S2 commands 02");
    }), 30000);

  it("draws every name as wide as it was measured", () =>
    on(async (page) => {
      const off = await page.evaluate(() => {
        const context = document.createElement("canvas").getContext("2d") as CanvasRenderingContext2D;
        return [...document.querySelectorAll<SVGTextElement>("sr-map text.name, sr-profile text.name")].flatMap((text) => {
          const size = Number(text.getAttribute("font-size"));
          let width = 0;
          for (const run of text.querySelectorAll("tspan")) {
            context.font = `${run.classList.contains("bold") ? 600 : 400} ${size}px "IBM Plex Sans Condensed"`;
            width += context.measureText(run.textContent ?? "").width;
          }
          // names are given 2 px more than their width
          return Math.abs(text.getComputedTextLength() - width) > 2 ? [`${text.textContent} ${width} ${text.getComputedTextLength()}`] : [];
        });
      });
      expect(off).toEqual([]);
    }), 30000);

  it("crosses no names on map and profile while planning", () =>
    on(async (page) => {
      await page.click(mark("map-edit"));
      await page.click(mark("editor-item-4"));
      await page.waitForTimeout(1200);
      const { overlaps } = (await page.evaluate(crossings)) as { overlaps: string[] };
      const ours = await page.evaluate(() => [...document.querySelectorAll("sr-map text, sr-profile text")].map((one) => (one.textContent ?? "").trim().slice(0, 12)));
      expect(overlaps.map(String).filter((one) => ours.some((name) => name.length > 1 && one.includes(name)))).toEqual([]);
    }), 30000);
});

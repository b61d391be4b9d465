/** The page in a real browser against the fake station: nothing lit when all is well, no texts cross, keys and holds work. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { crossings, lit } from "../../fake/checks.mjs";
import { SHOTS, browser, open, type Shot } from "../../fake/shoot.mjs";
import { serve } from "../../fake/serve.mjs";

const built = existsSync(join(import.meta.dirname, "../../../src/samruk/station/page/index.html"));
const chrome: Browser | null = built ? await browser() : null;
const shot = (name: string): Shot => SHOTS.find((one) => one.name === name)!;

describe.skipIf(!chrome)("the screen (needs Chromium at /usr/bin/chromium or $CHROMIUM, and a built page)", () => {
  let server: { port: number; close(): Promise<void> };
  beforeAll(async () => {
    server = await serve({});
  });
  afterAll(async () => {
    await chrome?.close();
    await server.close();
  });

  async function on<T>(one: Shot, act: (page: Page) => Promise<T>): Promise<T> {
    const { page, context, faults } = await open(chrome!, server.port, one);
    try {
      const result = await act(page);
      expect(faults).toEqual([]);
      return result;
    } finally {
      await context.close();
    }
  }

  for (const name of ["quiet-en", "quiet-tr", "quiet-en-phone", "quiet-light"])
    it(`has no amber and no red when all is well: ${name}`, () => on(shot(name), async (page) => expect(await page.evaluate(lit)).toEqual([])), 20000);

  it("has amber where it must, so that the check above can fail", () => on(shot("alarm-en"), async (page) => expect((await page.evaluate(lit)).length).toBeGreaterThan(3)), 20000);

  for (const name of ["quiet-en", "alarm-tr", "alarm-tr-phone", "link_loss-tr", "page-help-tr"])
    it(`crosses no texts: ${name}`, () => on(shot(name), async (page) => expect(await page.evaluate(crossings)).toMatchObject({ overlaps: [], off: [] })), 20000);

  it("takes a height by keyboard alone, tells requested, accepted, done, and shows it only then", () =>
    on(shot("quiet-en"), async (page) => {
      await page.keyboard.press("h");
      await page.keyboard.type("14500");
      await page.keyboard.press("Enter");
      const state = page.locator("[data-testid=command-state] .told");
      await state.waitFor();
      expect(await state.getAttribute("data-state")).toBe("requested");
      expect(await state.textContent()).not.toContain("done");
      await page.waitForSelector(".told[data-state=done]");
      expect(await page.locator("[data-testid=entry-altitude]").getAttribute("placeholder")).toMatch(/14.500/);
    }), 20000);

  it("shows the aircraft's reason when it refuses, and its own when the figure is none", () =>
    on(shot("quiet-en"), async (page) => {
      await page.fill("[data-testid=entry-altitude]", "33000");
      await page.click("[data-testid=set-altitude]");
      await page.waitForSelector(".told[data-state=refused]");
      expect(await page.textContent("[data-testid=command-state]")).toContain("above the ceiling");
      await page.fill("[data-testid=entry-heading]", "400");
      await page.click("[data-testid=set-heading]");
      expect(await page.textContent("[data-testid=refused]")).toContain("0 to 360");
    }), 20000);

  it("switches the ice protection in the air", () =>
    on(shot("quiet-en"), async (page) => {
      expect(await page.locator("[data-testid=ice-protection] option").allTextContents()).toEqual(["automatic", "on", "off"]);
      await page.selectOption("[data-testid=ice-protection]", "1");
      await page.click("[data-testid=command-ice]");
      await page.waitForSelector(".told[data-state=done]");
      expect(await page.textContent("[data-testid=command-state]")).toContain("Ice protection");
    }), 20000);

  it("builds no command on data older than 5 s, and says so", () =>
    on(shot("link_loss-en"), async (page) => {
      await page.click("[data-testid=command-hold]", { force: true });
      expect(await page.textContent("[data-testid=refused]")).toMatch(/data 9\.\d s old/);
      expect(await page.locator(".told").count()).toBe(0);
    }), 20000);

  it("commands only the aircraft that this seat holds", () =>
    on(shot("quiet-en"), async (page) => {
      await page.keyboard.press("2");
      await page.waitForSelector("[data-testid=ask]");
      await page.click("[data-testid=command-return]", { force: true });
      expect(await page.textContent("[data-testid=refused]")).toContain("02 is commanded by S2");
    }), 20000);

  it("stops an engine only after 1.5 s of holding", () =>
    on(shot("quiet-en"), async (page) => {
      const box = (await page.locator("[data-testid=command-engine_stop]").boundingBox())!;
      await page.mouse.move(box.x + 20, box.y + 10);
      await page.mouse.down();
      await page.waitForTimeout(700);
      await page.mouse.up();
      expect(await page.locator(".told").count()).toBe(0);
      await page.mouse.down();
      await page.waitForSelector(".told", { timeout: 4000 });
      await page.mouse.up();
    }), 20000);

  it("takes an offered aircraft only when each differing value is accepted", () =>
    on(shot("alarm-en"), async (page) => {
      expect(await page.textContent("[data-testid=handover-wait]")).toBe("Accept 2 values first");
      await page.click("[data-testid=accept-0]");
      expect(await page.textContent("[data-testid=token]")).toBe("You command 01");
      await page.click("[data-testid=accept-1]");
      await page.waitForFunction(() => document.querySelector("[data-testid=token]")?.textContent === "You command 01, 03");
    }), 20000);

  it("overrides in two actions: announced, then held, and says what goes with it", () =>
    on(shot("quiet-en"), async (page) => {
      await page.keyboard.press("2");
      await page.click("[data-testid=override-announce]");
      expect(await page.textContent("sr-authority .note:not(h2 .note)")).toContain("without comparing values");
      expect(await page.textContent("[data-testid=token]")).toBe("You command 01");
      await page.focus("[data-testid=override]");
      await page.keyboard.down(" ");
      await page.waitForFunction(() => document.querySelector("[data-testid=token]")?.textContent === "You command 01, 02", null, { timeout: 4000 });
      await page.keyboard.up(" ");
    }), 20000);

  it("keeps an acknowledged alarm in the list, silent", () =>
    on(shot("warning-en"), async (page) => {
      await page.keyboard.press("a");
      await page.waitForSelector("[data-testid=alarm-engine].seen");
      expect(await page.locator(".tile.blink").count()).toBe(0);
    }), 20000);

  it("commands nothing from the phone", () =>
    on(shot("alarm-en-phone"), async (page) => {
      for (const sign of ["command-bar", "accept-0", "acknowledge-11", "offer", "bearer-auto"]) expect(await page.locator(`[data-testid=${sign}]:visible`).count(), sign).toBe(0);
    }), 20000);

  it("reaches every control by Tab with a ring that can be seen", () =>
    on(shot("quiet-en"), async (page) => {
      const wanted = await page.evaluate(() => [...document.querySelectorAll("button, input, select")].filter((e) => e.getClientRects().length && (e as HTMLElement).tabIndex >= 0).length);
      const seen = new Set<string>();
      for (let i = 0; i < wanted + 10; i++) {
        await page.keyboard.press("Tab");
        const at = await page.evaluate(() => {
          const e = document.activeElement as HTMLElement;
          if (e === document.body) return null;
          const style = getComputedStyle(e);
          return { ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2, id: [...document.querySelectorAll("button, input, select")].indexOf(e) };
        });
        if (!at) continue;
        if (at.id >= 0) expect(at.ring).toBe(true);
        seen.add(String(at.id));
      }
      seen.delete("-1");
      expect(seen.size).toBeGreaterThanOrEqual(wanted);
    }), 30000);
});

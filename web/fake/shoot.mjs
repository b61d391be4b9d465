/**
 * Pictures of the page against the fake station, with checks on each: `node fake/shoot.mjs OUT [name part ...]`.
 * Checks: no two texts cross, none leaves the page; in a quiet picture nothing is amber or red.
 */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { crossings, lit } from "./checks.mjs";
import { serve } from "./serve.mjs";

const WIDE = { width: 1440, height: 900 };
const ZOOMED = { width: 720, height: 450 }; // 1440 x 900 at 200 %
const SMALL = { width: 1024, height: 768 };
const PHONE = { width: 390, height: 844 };
export const SHOTS = ["en", "tr"].flatMap((language) => ["quiet", "alarm", "warning", "link_loss", "stale"].flatMap((scene) => [
  { name: `${scene}-${language}`, scene, language, size: WIDE }, { name: `${scene}-${language}-phone`, scene, language, size: PHONE },
])).concat([
  ...["en", "tr"].flatMap((language) => [{ name: `zoomed-${language}`, scene: "alarm", language, size: ZOOMED }, { name: `small-${language}`, scene: "alarm", language, size: SMALL }]),
  { name: "still-en", scene: "alarm", language: "en", size: WIDE, still: true },
  { name: "metric-tr", scene: "quiet", language: "tr", size: WIDE, units: "metric" },
  { name: "quiet-light", scene: "quiet", language: "en", size: WIDE, theme: "light" },
  ...["help", "settings", "parameters", "replay"].map((page) => ({ name: `page-${page}`, scene: "quiet", language: "en", size: WIDE, page })),
  { name: "page-help-tr", scene: "quiet", language: "tr", size: WIDE, page: "help" },
  { name: "page-instructor", scene: "quiet", language: "en", size: WIDE, page: "instructor", role: "instructor" },
]);

export const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** A browser, or null with the reason where there is none. */
export async function browser() {
  if (!existsSync(CHROMIUM)) return null;
  return chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-color-profile=srgb"] });
}

/** Open a shot's page and wait until it is drawn. */
export async function open(chrome, port, shot) {
  const context = await chrome.newContext({ viewport: shot.size, deviceScaleFactor: shot.size === PHONE ? 2 : 1, reducedMotion: shot.still ? "reduce" : "no-preference" });
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  if (shot.theme || shot.units) await page.addInitScript((kept) => localStorage.setItem("samruk.settings", JSON.stringify(kept)), { language: shot.language, theme: shot.theme, units: shot.units });
  await page.goto(`http://127.0.0.1:${port}/?token=${shot.scene}.${shot.language}.${shot.role ?? "pilot"}.frozen`);
  await page.waitForSelector("[data-testid=clock]");
  await page.waitForSelector("[data-testid=strip]");
  await page.evaluate(() => document.fonts.ready);
  if (shot.page) await page.click(`[data-testid=page-${shot.page}]`);
  await page.waitForTimeout(700);
  return { page, context, faults };
}

async function main([out, ...parts]) {
  mkdirSync(out, { recursive: true });
  const server = await serve({});
  const chrome = await browser();
  let bad = 0;
  for (const shot of SHOTS.filter((one) => !parts.length || parts.some((part) => one.name.includes(part)))) {
    const { page, context, faults } = await open(chrome, server.port, shot);
    const found = await page.evaluate(crossings);
    const lights = shot.scene === "quiet" && !shot.page ? await page.evaluate(lit) : [];
    await page.screenshot({ path: join(out, `${shot.name}.png`) });
    const all = [...faults, ...found.overlaps, ...found.off.map((s) => `leaves the page: ${s}`), ...lights.map((s) => `lit: ${s}`)];
    console.log(`${shot.name}: ${all.length ? `\n  ${all.slice(0, 12).join("\n  ")}` : "clean"}`);
    bad += all.length;
    await context.close();
  }
  await chrome.close();
  await server.close();
  process.exitCode = bad ? 1 : 0;
}

if (process.argv[1]?.endsWith("shoot.mjs")) await main(process.argv.slice(2));

/** Widths of texts in the embedded font. */

export type Measure = (text: string, px: number, bold: boolean) => number;

const FAMILY = '"IBM Plex Sans Condensed", "Arial Narrow", Arial, sans-serif';
const widths = new Map<string, number>();
let context: CanvasRenderingContext2D | null = null;

/** Width of a text [px] as the browser draws it. */
export const measure: Measure = (text, px, bold) => {
  const font = `${bold ? 600 : 400} ${px}px ${FAMILY}`;
  const key = font + text;
  const found = widths.get(key);
  if (found !== undefined) return found;
  context ??= document.createElement("canvas").getContext("2d");
  if (!context) return text.length * px * 0.5;
  context.font = font;
  const width = context.measureText(text).width;
  if (widths.size > 2000) widths.clear();
  widths.set(key, width);
  return width;
};

/** Forget widths measured before the font was there. */
export function forgetWidths(): void {
  widths.clear();
}

import type { Picture, Prediction } from "../src/wire";
export declare function picture(scene?: string, t?: number, more?: Record<string, unknown>): Picture;
export declare function prediction(sysid: number): Prediction;

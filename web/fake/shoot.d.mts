import type { Browser, BrowserContext, Page } from "playwright-core";
export interface Shot { name: string; scene: string; language: string; size: { width: number; height: number }; page?: string; role?: string; theme?: string; units?: string; still?: boolean }
export declare const SHOTS: Shot[];
export declare function browser(): Promise<Browser | null>;
export declare function open(chrome: Browser, port: number, shot: Shot): Promise<{ page: Page; context: BrowserContext; faults: string[] }>;

export declare function crossings(): { count: number; overlaps: string[]; off: string[] };
export declare function lit(): string[];

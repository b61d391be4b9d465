export declare function serve(options?: Record<string, unknown>): Promise<{ port: number; close(): Promise<void> }>;

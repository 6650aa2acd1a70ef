export declare function packPackages(folder: string): Record<string, string>;

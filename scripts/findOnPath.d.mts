export declare function findOnPath(...programs: readonly string[]): string | null;

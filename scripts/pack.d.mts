export declare function packAll(folder: string): Readonly<Record<string, string>>
export declare function tarballsIn(folder: string): Readonly<Record<string, string>>

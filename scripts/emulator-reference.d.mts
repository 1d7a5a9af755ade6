/** The pages of docs/ that the emulator's tables generate, by file name, as they should be. */
export const emulatorPages: Readonly<Record<string, () => string>>

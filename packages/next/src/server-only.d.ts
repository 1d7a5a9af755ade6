// Next.js answers this name itself; nothing of it is installed.
declare module 'server-only' {}

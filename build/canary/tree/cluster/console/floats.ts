// Broken on purpose: nobody hears of this failure.
async function work(): Promise<void> {
  await Promise.resolve();
}

export function start(): void {
  work();
}

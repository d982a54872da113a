/** What a promise comes to, if it does within so many milliseconds; else what `late` throws. */
export async function within<T>(
  promise: Promise<T>,
  milliseconds: number,
  late: () => never,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  try {
    return await Promise.race([promise, deadline.then(late)]);
  } finally {
    clearTimeout(timer);
  }
}

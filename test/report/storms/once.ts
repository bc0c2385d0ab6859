/** Records are changed by nobody, and some take a second to make. */
export function once<Value>(make: () => Value): () => Value {
  let made: Value | null = null;
  return () => {
    made ??= make();
    return made;
  };
}

import { SERVICES } from './seed.ts';

/** The image without its registry's port, tag and digest. */
const nameOf = (image: string) => image.replace(/@.*$/, '').replace(/:[^:/]*$/, '');

/** Which of several is a service of the lab, by its image or else by its name. */
export function serviceAmong<One>(
  all: readonly One[],
  name: string,
  seen: (one: One) => { name: string; image: string | undefined },
): One | undefined {
  const { image: known, named } = SERVICES.find((one) => one.name === name)!;
  const byImage = all.find((one) => {
    const { image } = seen(one);
    return image !== undefined && known.test(nameOf(image));
  });
  return byImage ?? all.find((one) => named.test(seen(one).name));
}

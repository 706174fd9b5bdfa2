import { ChaosError } from '../core/errors.ts';
import { newToken } from '../core/token.ts';
import { connectImages } from '../docker/images.ts';
import { startThrowaway } from '../docker/throwaway.ts';
import { debianImage, officialImages } from '../stack/images.ts';
import { FLAGS, OneStream, type Started } from './started.ts';

/**
 * Starts Prometheus and hands its port to the container's own standard streams: bash does that in Debian's image,
 * busybox in the official one. Either ends with its input, and the container with it.
 */
const SCRIPT = `prometheus "$@" >&2 &
if command -v bash >/dev/null; then
  exec bash -c 'until exec 3<>/dev/tcp/127.0.0.1/9090; do kill -0 "$1" || exit 1; sleep 0.05; done 2>/dev/null; cat <&3 & exec cat >&3' bash $!
fi
until wget -q -O /dev/null http://127.0.0.1:9090/-/ready; do kill -0 $! || exit 1; sleep 0.1; done 2>/dev/null
exec nc 127.0.0.1 9090`;

/** @throws ChaosError `not-ready` where Docker does not answer or has no image of the lab's Prometheus */
export async function startContainer(): Promise<Started> {
  const images = connectImages();
  const official = officialImages().find(({ service }) => service === 'prometheus')!.image;
  const found = [];
  for (const image of [debianImage(), official]) if (await images.exists(image)) found.push(image);
  const [image] = found;
  if (!image) throw new ChaosError('not-ready', `Docker has neither ${debianImage()} nor ${official}.`);
  const flags = [...FLAGS, '--storage.tsdb.path=/replay/data', '--web.listen-address=127.0.0.1:9090'];
  const { stream, complaints, end } = await startThrowaway({
    name: `chaos-replay-${newToken()}`,
    image,
    command: ['sh', '-c', SCRIPT, 'sh', ...flags],
  });
  return {
    url: 'http://127.0.0.1:9090',
    agent: new OneStream(stream),
    complaints,
    ended: () => stream.closed,
    end,
  };
}

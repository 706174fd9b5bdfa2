import * as z from 'zod';
import { ChaosError } from '../../core/errors.ts';
import type { Lab } from '../../core/lab.ts';
import { portStatus } from '../services.ts';
import { defineStep } from '../step.ts';

const isOk = (status: number | undefined) => status !== undefined && status < 400;
const throughNginx = (lab: Lab) => portStatus(lab, 'NGINX_PORT', '/health');

/** `nginx -s reload`, by which it looks up again where the API is; requests under way are answered first. */
export default defineStep({
  type: 'nginx-reload',
  summary: 'nginx -s reload, where the API answers by itself and not through nginx',
  value: z.literal('nginx'),
  target: (value) => value,
  describe: () => 'reload nginx, where the API answers by itself and not through it',
  async look(_target, _value, { engine, lab }) {
    if (!(await engine.state('nginx')).running) return { needed: false, why: 'nginx is stopped' };
    const [through, direct] = await Promise.all([throughNginx(lab), portStatus(lab, 'API_PORT')]);
    if (isOk(through)) return { needed: false, why: 'the API answers through nginx' };
    const said = through ?? 'nothing';
    return { needed: isOk(direct), why: `nginx answers ${said}, the API itself ${direct ?? 'nothing'}` };
  },
  async act(_target, _value, { engine }) {
    const { code, output } = await engine.exec('nginx', ['nginx', '-s', 'reload']);
    if (code !== 0) throw new ChaosError('not-ready', `nginx did not reload: ${output.slice(-300)}`);
  },
  isWell: async (_target, _value, { lab }) => isOk(await throughNginx(lab)),
});

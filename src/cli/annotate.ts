import { baseUrl, type Lab } from '../core/lab.ts';
import { labPassword } from '../core/lab-environment.ts';
import { Grafana, type GrafanaAccess } from '../observe/grafana.ts';
import { Unreachable } from '../observe/http.ts';
import { annotationsOf, runTag } from '../report/annotations.ts';
import type { RunRecord } from '../report/record.ts';

/** Marks a run in a Grafana, and says what came of it: that it does not answer changes nothing about the run. */
export async function annotate(url: string, access: GrafanaAccess, record: RunRecord): Promise<string> {
  try {
    const added = await new Grafana(url, access).annotate(runTag(record), annotationsOf(record));
    return `Grafana: ${added === 0 ? 'marked already' : `${added} annotations`} at ${url}`;
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    const why =
      error.status === 401 || error.status === 403 ? 'it does not let us write annotations' : error.message;
    return `Grafana at ${url} is not annotated: ${why}`;
  }
}

/** The same in the lab's own Grafana; undefined in a lab without one. */
export async function annotateLab(lab: Lab, record: RunRecord): Promise<string | undefined> {
  if (!lab.grafana) return undefined;
  const access = { user: 'admin', password: labPassword(lab, 'GRAFANA_PASSWORD') };
  return await annotate(baseUrl(lab, 'GRAFANA_PORT'), access, record);
}

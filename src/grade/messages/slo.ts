import { both } from './words.ts';

/** Its name in each language. */
type Objective = { objective: string; objectif: string };

export const SLO = {
  'no-slo-document': both<object>(
    () => [
      'there is no SLO document',
      'write docs/slo.md: each objective, how it is measured, and why that figure',
    ],
    () => [
      'il n’y a pas de document SLO',
      'écrire docs/slo.md : chaque objectif, sa mesure, et pourquoi ce chiffre',
    ],
  ),
  'no-objective': both<Objective & { figure: string }>(
    ({ objective, figure }) => [
      `the SLO document does not say ${objective} with ${figure}`,
      `add ${objective}: ${figure}`,
    ],
    ({ objectif, figure }) => [
      `le document SLO ne donne pas ${objectif} avec ${figure}`,
      `ajouter ${objectif} : ${figure}`,
    ],
  ),
  'no-reasons': both<object>(
    () => [
      'the SLO document gives no reasons: nothing under a heading, or in a column, that says why',
      'add a section “Why these” with a sentence for each objective',
    ],
    () => [
      'le document SLO ne donne pas de justifications : rien sous un titre, ni dans une colonne, ne dit pourquoi',
      'ajouter une section « Justifications » avec une phrase par objectif',
    ],
  ),
  'no-sli': both<Objective & { expr: string }>(
    ({ objective, expr }) => [`no recording rule computes the SLI ${objective}`, `record ${expr}`],
    ({ objectif, expr }) => [
      `aucune règle d’enregistrement ne calcule le SLI ${objectif}`,
      `enregistrer ${expr}`,
    ],
  ),
  'no-slo-alert': both<Objective & { expr: string }>(
    ({ objective, expr }) => [
      `no alert watches the objective ${objective}, so nobody learns that it is missed`,
      `add an alert on ${expr}`,
    ],
    ({ objectif, expr }) => [
      `aucune alerte ne surveille l’objectif ${objectif} : personne n’apprend qu’il est manqué`,
      `ajouter une alerte sur ${expr}`,
    ],
  ),
  'empty-in-outage': both<{ rule: string }>(
    ({ rule }) => [
      `${rule} is empty while the API is down, not 0: it reads only what the API itself counts, so a total outage is the one thing it cannot see`,
      'take the worse of it and avg_over_time(probe_success[5m])',
    ],
    ({ rule }) => [
      `${rule} est vide quand l’API est tombée, et non 0 : il ne lit que ce que l’API compte elle-même, donc une panne totale est la seule chose qu’il ne voit pas`,
      'prendre le pire entre lui et avg_over_time(probe_success[5m])',
    ],
  ),
  'no-budget': both<object>(
    () => [
      'no panel shows what is left of the error budget or how fast it burns',
      'add (1 - sli:availability:ratio_rate5m) / (1 - 0.995)',
    ],
    () => [
      'aucun panel ne montre le budget d’erreur restant ni sa vitesse de consommation',
      'ajouter (1 - sli:availability:ratio_rate5m) / (1 - 0.995)',
    ],
  ),
};

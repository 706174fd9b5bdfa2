import { both } from './words.ts';

type Named = { panel: string };

export const DASHBOARD = {
  'no-dashboard': both<object>(
    () => ['no dashboard was handed in', 'export it as JSON: grafana/dashboards/techshop.json'],
    () => ['aucun dashboard n’a été rendu', 'l’exporter en JSON : grafana/dashboards/techshop.json'],
  ),
  'no-datasource': both<object>(
    () => [
      'Grafana is given no Prometheus to ask',
      'add grafana/provisioning/datasources/datasources.yml with type: prometheus',
    ],
    () => [
      'Grafana n’a aucun Prometheus à interroger',
      'ajouter grafana/provisioning/datasources/datasources.yml avec type: prometheus',
    ],
  ),
  'wrong-datasource': both<{ url: string }>(
    ({ url }) => [
      `the datasource is ${url || 'no address'}, and no service has that name`,
      'url: http://prometheus:9090',
    ],
    ({ url }) => [
      `la source de données est ${url || 'sans adresse'}, et aucun service ne porte ce nom`,
      'url: http://prometheus:9090',
    ],
  ),
  'no-provider': both<object>(
    () => [
      'nothing tells Grafana to load the dashboard, so a new one has none',
      'add grafana/provisioning/dashboards/techshop.yml with a provider and its path',
    ],
    () => [
      'rien ne dit à Grafana de charger le dashboard : une installation neuve n’en a pas',
      'ajouter grafana/provisioning/dashboards/techshop.yml avec un provider et son chemin',
    ],
  ),
  'no-panel': both<{ panel: string; kind: string; row: string }>(
    ({ panel, kind, row }) => [`there is no panel ${panel}`, `add ${panel} (${kind}) to the row ${row}`],
    ({ panel, kind, row }) => [
      `il n’y a pas de panel ${panel}`,
      `ajouter ${panel} (${kind}) à la rangée ${row}`,
    ],
  ),
  'wrong-kind': both<{ panel: string; kind: string; wanted: string }>(
    ({ panel, kind, wanted }) => [`${panel} is drawn as ${kind || 'nothing'}`, `make it a ${wanted}`],
    ({ panel, kind, wanted }) => [`${panel} est dessiné en ${kind || 'rien'}`, `en faire un ${wanted}`],
  ),
  'no-query': both<Named>(
    ({ panel }) => [`${panel} asks nothing`, 'give it a query'],
    ({ panel }) => [`${panel} n’interroge rien`, 'lui donner une requête'],
  ),
  'bad-query': both<{ panel: string; at: number }>(
    ({ panel, at }) => [`a query of ${panel} is no PromQL from character ${at}`, 'mend the query there'],
    ({ panel, at }) => [
      `une requête de ${panel} n’est pas du PromQL à partir du caractère ${at}`,
      'corriger la requête à cet endroit',
    ],
  ),
  'unknown-query-metric': both<{ panel: string; metric: string }>(
    ({ panel, metric }) => [
      `${panel} asks for ${metric}, which nothing here exposes or records: it stays empty`,
      'ask for a metric of this stack',
    ],
    ({ panel, metric }) => [
      `${panel} demande ${metric}, que rien ici n’expose ni n’enregistre : il reste vide`,
      'demander une métrique de cette stack',
    ],
  ),
  'other-query': both<{ panel: string; metric: string }>(
    ({ panel, metric }) => [
      `${panel} does not ask for ${metric}, so it cannot show what it says`,
      `ask for ${metric}`,
    ],
    ({ panel, metric }) => [
      `${panel} ne demande pas ${metric} : il ne peut pas montrer ce qu’il annonce`,
      `demander ${metric}`,
    ],
  ),
  'no-row': both<{ row: string }>(
    ({ row }) => [`there is no row ${row}`, `group its panels under a row ${row}`],
    ({ row }) => [`il n’y a pas de rangée ${row}`, `grouper ses panels sous une rangée ${row}`],
  ),
  'no-unit': both<Named>(
    ({ panel }) => [
      `${panel} has no unit, so its numbers cannot be read`,
      'set the unit under Standard options',
    ],
    ({ panel }) => [
      `${panel} n’a pas d’unité : ses nombres ne se lisent pas`,
      'choisir l’unité dans Standard options',
    ],
  ),
};

import { both } from './words.ts';

/** What only a stack that runs can show of its services, its targets and its panels. */
export const LIVE_STACK = {
  'not-running': both<object>(
    () => [
      'no container of this stack is there: what only a running stack shows is not won',
      'docker compose up -d, and grade it again; or name it: --compose-project',
    ],
    () => [
      'aucun conteneur de cette stack n’existe : ce que seule une stack en marche montre n’est pas acquis',
      'docker compose up -d, puis évaluer à nouveau ; ou la nommer : --compose-project',
    ],
  ),
  'prometheus-silent': both<{ why: string }>(
    ({ why }) => [
      `Prometheus does not answer (${why})`,
      'publish its port on 127.0.0.1, or name it: --prometheus URL',
    ],
    ({ why }) => [
      `Prometheus ne répond pas (${why})`,
      'publier son port sur 127.0.0.1, ou le nommer : --prometheus URL',
    ],
  ),
  'alertmanager-silent': both<{ why: string }>(
    ({ why }) => [
      `Alertmanager does not answer (${why}), so no notification can be seen`,
      'publish its port on 127.0.0.1, or name it: --alertmanager URL',
    ],
    ({ why }) => [
      `Alertmanager ne répond pas (${why}) : aucune notification n’est visible`,
      'publier son port sur 127.0.0.1, ou le nommer : --alertmanager URL',
    ],
  ),
  'unstarted-service': both<{ service: string }>(
    ({ service }) => [`no container is ${service}`, `docker compose up -d ${service}`],
    ({ service }) => [`aucun conteneur n’est ${service}`, `docker compose up -d ${service}`],
  ),
  'stopped-service': both<{ service: string }>(
    ({ service }) => [`the container of ${service} does not run`, `docker compose logs ${service} says why`],
    ({ service }) => [
      `le conteneur de ${service} ne tourne pas`,
      `docker compose logs ${service} dit pourquoi`,
    ],
  ),
  unhealthy: both<{ service: string }>(
    ({ service }) => [
      `${service} fails its own health check`,
      `docker inspect ${service} shows what it answered`,
    ],
    ({ service }) => [
      `${service} échoue à son propre healthcheck`,
      `docker inspect ${service} montre ce qu’il a répondu`,
    ],
  ),
  'page-fails': both<{ path: string; answer: string }>(
    ({ path, answer }) => [
      `${path} through nginx: ${answer}`,
      'publish nginx’s port 80 and pass /health and /api on to the API',
    ],
    ({ path, answer }) => [
      `${path} à travers nginx : ${answer}`,
      'publier le port 80 de nginx et transmettre /health et /api à l’API',
    ],
  ),
  'target-down': both<{ job: string; instance: string; why: string }>(
    ({ job, instance, why }) => [
      `the target ${job} ${instance} is not UP: ${why}`,
      'Status > Targets shows when it is',
    ],
    ({ job, instance, why }) => [
      `la cible ${job} ${instance} n’est pas UP : ${why}`,
      'Status > Targets montre quand elle l’est',
    ],
  ),
  'absent-metric': both<{ metric: string }>(
    ({ metric }) => [
      `Prometheus has no sample of ${metric}, though there was traffic`,
      `expose ${metric} and scrape it`,
    ],
    ({ metric }) => [
      `Prometheus n’a aucun échantillon de ${metric}, malgré du trafic`,
      `exposer ${metric} et la collecter`,
    ],
  ),
  'blind-exporter': both<{ sign: string; of: string; value: string }>(
    ({ sign, of, value }) => [
      `${sign} is ${value} and not 1: nothing sees ${of}`,
      `give the exporter an address and an account that work, until ${sign} is 1`,
    ],
    ({ sign, of, value }) => [
      `${sign} vaut ${value} et non 1 : rien ne voit ${of}`,
      `donner à l’exporter une adresse et un compte valables, jusqu’à ce que ${sign} vaille 1`,
    ],
  ),
  'panel-refused': both<{ panel: string; why: string }>(
    ({ panel, why }) => [`Prometheus refuses a query of ${panel}: ${why}`, 'mend the query'],
    ({ panel, why }) => [`Prometheus refuse une requête de ${panel} : ${why}`, 'corriger la requête'],
  ),
  'panel-empty': both<{ panel: string; what: string }>(
    ({ panel, what }) => [
      `${panel} shows nothing: Prometheus has no series of ${what}`,
      'ask for what this stack exposes',
    ],
    ({ panel, what }) => [
      `${panel} n’affiche rien : Prometheus n’a aucune série de ${what}`,
      'demander ce que cette stack expose',
    ],
  ),
};

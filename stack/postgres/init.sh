#!/bin/sh
# Runs once, as the superuser, on an empty cluster. The shop's role owns its tables and no more; the exporter's may
# read statistics and no more.
set -eu
psql --quiet --set=ON_ERROR_STOP=1 --username postgres <<SQL
CREATE ROLE techshop LOGIN PASSWORD '$APP_DB_PASSWORD';
CREATE ROLE exporter LOGIN PASSWORD '$EXPORTER_DB_PASSWORD';
GRANT pg_monitor TO exporter;
CREATE DATABASE techshop OWNER techshop;
\connect techshop
SET ROLE techshop;
CREATE TABLE products (id serial PRIMARY KEY, name text NOT NULL, price numeric(10, 2) NOT NULL);
CREATE TABLE orders (id serial PRIMARY KEY, amount numeric(10, 2) NOT NULL, placed_at timestamptz NOT NULL DEFAULT now());
INSERT INTO products (name, price) VALUES ('Laptop', 999), ('Phone', 699), ('Tablet', 499);
SQL

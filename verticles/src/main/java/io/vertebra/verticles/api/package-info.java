/**
 * The API at {@code /api/v1}: a class of routes for each resource, over the same runtime that the page and the metrics show.
 *
 * <pre>
 *   SetRoutes      codelet-sets          upload, load, replace, unload, disable, enable
 *   MapRoutes      maps                  typed entries: read, update, push
 *   InputRoutes    inputs                records into a set
 *   ReadRoutes     hooks programs streams accounts
 *   EventRoutes    events                who did what, and what came of it; a list, or as it happens
 *   SettingsRoutes settings              what is in effect, and reading it again
 * </pre>
 *
 * What takes time runs on {@link io.vertebra.verticles.api.ControlWorker}, one change after the other; every error is a
 * problem of RFC 9457, which {@link io.vertebra.verticles.api.Failures} decides.
 */
package io.vertebra.verticles.api;

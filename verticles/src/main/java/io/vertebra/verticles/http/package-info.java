/**
 * Who may send what to the HTTP port, and how much of it: the checks that every request passes before a route sees it.
 *
 * <pre>
 *   connection --ConnectionLimits--> request --LoopbackGuard--> --AccessGuard--> route
 *                 number, deadlines       Host, Origin 403      token 401, role 403
 * </pre>
 */
package io.vertebra.verticles.http;

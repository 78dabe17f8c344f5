// Runs at CloudFront for each request of a viewer, after CloudFront has checked the signed cookies where it checks any.
// tests/components/test_site_viewer.py runs it under Node; local/sites/viewer.py is its form on a laptop.

var TARGET = /^(\/sites\/[A-Za-z0-9._-]+\/)[A-Za-z0-9._\/-]*$/;
var VALUE = /^[A-Za-z0-9_~-]{1,2000}$/;
var COOKIES = { policy: 'CloudFront-Policy', signature: 'CloudFront-Signature', key: 'CloudFront-Key-Pair-Id' };

// A link of `swarm open`: it brings the cookies. They are checked with each page that they are sent for, so not here.
function open(query) {
  var target = query.to && TARGET.exec(query.to.value);
  var cookies = {};
  var names = Object.keys(COOKIES);
  for (var i = 0; i < names.length; i++) {
    var given = query[names[i]];
    if (!target || !given || !VALUE.test(given.value)) {
      return { statusCode: 403, statusDescription: 'Forbidden' };
    }
    cookies[COOKIES[names[i]]] = {
      value: given.value,
      attributes: 'Path=' + target[1] + '; Secure; HttpOnly; SameSite=Lax'
    };
  }
  return {
    statusCode: 302,
    statusDescription: 'Found',
    headers: { location: { value: target[0] }, 'cache-control': { value: 'no-store' } },
    cookies: cookies
  };
}

function handler(event) {
  var request = event.request;
  if (request.uri.startsWith('/sign-in')) {
    // The function behind it is called under a host of its own, and must know under which one the reader came.
    request.headers['x-viewer-host'] = { value: request.headers.host.value };
    return request;
  }
  if (request.uri === '/open') {
    return open(request.querystring);
  }
  if (request.uri.endsWith('/')) {
    request.uri += 'index.html';
  }
  return request;
}

internal import NIOCore

/// What people see who open the host in a browser; it loads nothing from anywhere.
enum WelcomePage {
  static let answer: Answer = {
    var answer = Answer.text(text, mediaType: "text/html; charset=utf-8")
    answer.headers = [
      HeaderLine("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
    ]
    return answer
  }()

  private static let text = """
    <!doctype html>
    <html lang="en">
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>Patchbay</title>
    <style>
      body { font: 16px/1.5 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1rem }
      code, pre { background: #8882; border-radius: 4px; padding: .1em .3em }
      pre { overflow-x: auto; padding: .8em 1em }
    </style>
    <h1>Patchbay</h1>
    <p>This host publishes to platforms through connectors. Applications talk to it over HTTP, in JSON.</p>
    <ul>
      <li><a href="/openapi.json">/openapi.json</a>: every route, described for programs</li>
      <li><a href="/ready">/ready</a>: whether it takes work, and why not</li>
      <li><a href="/ping">/ping</a>: whether it is alive</li>
      <li><a href="/metrics">/metrics</a>: figures for Prometheus</li>
    </ul>
    <p>All else wants an API key, which <code>patchbay keys create</code> prints:</p>
    <pre>curl -H "Authorization: Bearer $PATCHBAY_API_KEY" https://localhost:3000/api/connections</pre>
    </html>

    """
}

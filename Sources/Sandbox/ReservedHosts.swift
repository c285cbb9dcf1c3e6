/// The platforms' hosts that the sandbox has a certificate for and does not simulate yet.
enum ReservedHosts {
  static let names = [
    "graph.facebook.com", "graph.instagram.com", "graph-video.facebook.com", "rupload.facebook.com",
    "www.facebook.com", "api.linkedin.com", "www.linkedin.com", "open.tiktokapis.com",
    "open-upload.tiktokapis.com", "www.tiktok.com", "mybusinessaccountmanagement.googleapis.com",
    "mybusinessbusinessinformation.googleapis.com", "mybusiness.googleapis.com",
    "businessprofileperformance.googleapis.com", "oauth2.googleapis.com", "accounts.google.com",
    "www.googleapis.com",
  ]

  /// What a host that is not simulated times out with.
  static let timeout = GatewayTimeout(
    afterMs: 60_000, answer: .refusal(504, "the answer took too long"))

  static func refusal(for host: String) -> SandboxResponse {
    if names.contains(host) {
      return .refusal(501, "the sandbox has a certificate for \(host) and does not simulate it yet")
    }
    return .refusal(
      404,
      "the sandbox plays no host \"\(host)\"; over plain HTTP the host is the first path segment, "
        + "as in /us19.api.mailchimp.com/3.0/ping")
  }
}

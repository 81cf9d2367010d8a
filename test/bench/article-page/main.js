import liff from '@line/liff'

// What the article shows: the whole SDK, log in, ask for the profile, and only then can anybody buy.
// (The article opens the Payment Link by itself; a button stands in, so that both pages end the same way.)
liff
  .init({ liffId: '2000000001-BenchApp' })
  .then(() => {
    if (!liff.isLoggedIn()) return liff.login({ redirectUri: location.href })
    return liff.getProfile().then((profile) => {
      const buy = document.getElementById('buy')
      buy.disabled = false
      buy.onclick = () =>
        window.open(`https://buy.stripe.com/test_x?client_reference_id=${profile.userId}`)
    })
  })
  .catch((error) => console.log(error))
